import { useRef, useState } from "preact/hooks";

/** A command to paste. Where the browser gives a file's page no clipboard, the text is selected instead. */
export function Command({ text }: { readonly text: string }) {
  const code = useRef<HTMLElement>(null);
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("copied");
    } catch {
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      setSaid("selected: copy it");
    }
  };
  return (
    <p class="command">
      <code ref={code}>{text}</code>
      <button type="button" onClick={() => void copy()}>
        Copy
      </button>
      <span role="status">{said}</span>
    </p>
  );
}
