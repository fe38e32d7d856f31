import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** The packages bring a browser for this platform alone. */
export const hasBrowser = process.platform === "linux" && process.arch === "x64";

export interface TestBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** A real Chromium out of this project's packages, with the libraries and the font that it needs: nothing of it is asked of
 *  the machine. It is unpacked into a folder of its own (2 s, 190 MB), which closing it removes. */
export async function openBrowser(): Promise<TestBrowser> {
  const folder = mkdtempSync(join(tmpdir(), "counterpoint-browser-"));
  const executablePath = unpacked(folder);
  writeFileSync(join(folder, "fonts", "fonts.conf"), fontsConf(folder));
  const browser = await chromium.launch({
    executablePath,
    // Its own sandbox refuses to run for root; it sees no page but ours.
    args: ["--no-sandbox", "--font-render-hinting=none"],
    env: {
      LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
      FONTCONFIG_PATH: join(folder, "fonts"),
      HOME: folder,
      TMPDIR: folder,
    },
  });
  const close = async (): Promise<void> => {
    await browser.close();
    rmSync(folder, { recursive: true });
  };
  return { browser, close };
}

/** The package unpacks into TMPDIR, and its libraries only where it thinks that it runs in a cloud's function: told so in a
 *  process of its own. Returns the browser's path. */
function unpacked(folder: string): string {
  const unpack = 'import chromium from "@sparticuz/chromium"; console.log(await chromium.executablePath());';
  const env = { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" };
  const options = { env, cwd: import.meta.dirname, encoding: "utf8" } as const;
  return execFileSync(process.execPath, ["--input-type=module", "--eval", unpack], options).trim();
}

/** The package's own names folders of the cloud. */
function fontsConf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>
`;
}
