import type { Element } from "./xml.ts";

interface Rule {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly children: readonly string[];
  readonly text: boolean;
}

const counts = ["tests", "failures", "errors", "skipped"];

/** JUnit's elements as the readers of its XML agree on them (Jenkins' junit-10.xsd): no registry package holds a schema. */
const rules: Readonly<Record<string, Rule>> = {
  testsuites: { required: counts, optional: ["name", "time"], children: ["testsuite"], text: false },
  testsuite: {
    required: ["name", ...counts],
    optional: ["time", "timestamp"],
    children: ["testcase"],
    text: false,
  },
  testcase: {
    required: ["name", "classname"],
    optional: ["time", "file"],
    children: ["failure", "error"],
    text: false,
  },
  failure: { required: ["message", "type"], optional: [], children: [], text: true },
  error: { required: ["message", "type"], optional: [], children: [], text: true },
};

/** What keeps the document from being JUnit's, the counts of its suites too. */
export function junitFaults(root: Element): readonly string[] {
  const top = root.name === "testsuites" ? [] : [`the root is ${root.name}`];
  return [...top, ...elementFaults(root)];
}

function elementFaults(element: Element): readonly string[] {
  const { name, attributes, children, text } = element;
  const rule = rules[name];
  if (rule === undefined) return [`no element is called ${name}`];
  const given = Object.keys(attributes);
  const known = [...rule.required, ...rule.optional];
  return [
    ...rule.required.filter((each) => !given.includes(each)).map((each) => `${name} has no ${each}`),
    ...given.filter((each) => !known.includes(each)).map((each) => `${name} has ${each}`),
    ...children
      .filter((child) => !rule.children.includes(child.name))
      .map((child) => `${child.name} in ${name}`),
    ...(rule.text || text.trim() === "" ? [] : [`${name} has text`]),
    ...(name === "testsuite" || name === "testsuites" ? countFaults(element) : []),
    ...children.flatMap(elementFaults),
  ];
}

function countFaults(element: Element): readonly string[] {
  const cases = named(element, "testcase");
  const counted = {
    tests: cases.length,
    failures: cases.filter((each) => named(each, "failure").length > 0).length,
    errors: cases.filter((each) => named(each, "error").length > 0).length,
    skipped: 0,
  };
  return Object.entries(counted)
    .filter(([name, count]) => element.attributes[name] !== String(count))
    .map(([name, count]) => `${name} is ${String(element.attributes[name])}, and there are ${count}`);
}

/** Elements of the name, at any depth. */
export function named(element: Element, name: string): readonly Element[] {
  return element.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...named(child, name),
  ]);
}
