import { SaxesParser } from "saxes";

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

type Draft = Element & { readonly children: Element[]; text: string };

/** The document's root. Throws where it is not well-formed, also for characters that XML 1.0 does not have. */
export function parseXml(xml: string): Element {
  const parser = new SaxesParser();
  const root: Draft = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const addText = (text: string): void => {
    const last = open.at(-1);
    if (last !== undefined) last.text += text;
  };
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element: Draft = { name, attributes, children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("closetag", () => void open.pop());
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.write(xml).close();
  const [element] = root.children;
  if (element === undefined) throw new Error("no element");
  return element;
}
