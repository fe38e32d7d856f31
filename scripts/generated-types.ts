import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type JSONSchema, compile } from "json-schema-to-typescript";
import { format, resolveConfig } from "prettier";
import ts from "typescript";

const folder = fileURLToPath(new URL("../schema/json/", import.meta.url));
const suffix = ".schema.json";

/** The types of each JSON Schema of schema/json: path and text of what `npm run generate` writes beside it. */
export async function generatedTypes(): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(suffix)).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const path = folder + name.replace(suffix, ".ts");
      return [path, await typesOf(name, path)] as const;
    }),
  );
  return new Map(files);
}

async function typesOf(name: string, path: string): Promise<string> {
  const schema = JSON.parse(await readFile(folder + name, "utf8")) as JSONSchema;
  const banner = `// Made from ${name} by \`npm run generate\`: change that, not this.`;
  const text = await compile(schema, name, { bannerComment: banner, format: false, unknownAny: true });
  return format(readonlyTypes(text), { ...(await resolveConfig(path)), parser: "typescript" });
}

/** The generator writes mutable types; a parsed document is not to be changed, and the harness's own types are readonly. */
function readonlyTypes(text: string): string {
  const source = ts.createSourceFile("types.ts", text, ts.ScriptTarget.Latest, true);
  const { transformed } = ts.transform(source, [makeReadonly]);
  return ts.createPrinter().printFile(transformed[0] ?? source);
}

function makeReadonly(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const { factory } = context;
  const visit = (node: ts.Node): ts.Node => {
    const inner = ts.visitEachChild(node, visit, context);
    if (ts.isPropertySignature(inner)) {
      const modifiers = [factory.createModifier(ts.SyntaxKind.ReadonlyKeyword)];
      return factory.updatePropertySignature(inner, modifiers, inner.name, inner.questionToken, inner.type);
    }
    if (ts.isIndexSignatureDeclaration(inner)) {
      const modifiers = [factory.createModifier(ts.SyntaxKind.ReadonlyKeyword)];
      return factory.updateIndexSignature(inner, modifiers, inner.parameters, inner.type);
    }
    // The rest of a tuple must stay a plain array.
    const plain = ts.isRestTypeNode(node.parent);
    if ((ts.isArrayTypeNode(inner) || ts.isTupleTypeNode(inner)) && !plain)
      return factory.createTypeOperatorNode(ts.SyntaxKind.ReadonlyKeyword, inner);
    return inner;
  };
  return (file) => ts.visitEachChild(file, visit, context);
}
