import { useState } from "preact/hooks";

/** Light or dark as the system has it, until the reader chooses. A file's page has no place to remember the choice. */
export function ThemeButton() {
  const [dark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const toggle = () => {
    document.documentElement.dataset["theme"] = dark ? "light" : "dark";
    setDark(!dark);
  };
  return (
    <button type="button" class="theme" aria-pressed={dark} onClick={toggle}>
      Dark
    </button>
  );
}
