import tseslint from "typescript-eslint";

/** The rooms, each below those behind it: a room imports from itself and from those before it. */
const rooms = ["model", "sim", "properties", "reports", "cli"];

/** Packages that one room alone may know. */
const guarded = [
  { name: "pg", group: ["pg", "pg/*"], folder: "sim/database" },
  { name: "fast-check", group: ["fast-check"], folder: "properties" },
];

/** What of the real world a value may not be taken from: it would be different in the next run. */
const realWorld = [
  ["MemberExpression[object.name='Date'][property.name='now']", "Date.now"],
  ["NewExpression[callee.name='Date'][arguments.length=0]", "new Date()"],
  ["MemberExpression[object.name='Math'][property.name='random']", "Math.random"],
  ["MemberExpression[object.name='process'][property.name='env']", "process.env"],
  ["CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate)$/]", "a timer"],
  ["ImportDeclaration[source.value=/^node:timers/]", "a timer"],
  ["MemberExpression[object.name='performance'][property.name='now']", "performance.now"],
].map(([selector, what]) => ({
  selector,
  message: `${what}: real time, chance and the environment are for sim/clock and cli; take a value as an argument.`,
}));

/** ESLint keeps one setting of a rule for a file, so all import rules of a folder are made at once. */
function imports(files, { upper = [], known = [], alone = false }) {
  const patterns = [
    ...guarded
      .filter(({ name }) => !known.includes(name))
      .map(({ name, group, folder }) => ({ group, message: `Only ${folder} knows ${name}.` })),
    ...(upper.length === 0
      ? []
      : [
          {
            regex: `(^|/)\\.\\./(${upper.join("|")})/`,
            message: `The direction is ${rooms.join(" <- ")}; no import back.`,
          },
        ]),
    ...(alone
      ? [
          {
            regex: "^(?!\\.|vitest$)|/(schema|scripts)/",
            message: "The model imports nothing outside itself.",
          },
        ]
      : []),
  ];
  return { files, rules: { "no-restricted-imports": ["error", { patterns }] } };
}

const tests = ["**/*.test.ts", "**/testing/**"];
const inRoom = (room) => [`${room}/**/*.{ts,tsx}`];

export default tseslint.config(
  { ignores: ["node_modules/", "counterexamples/", "coverage/"] },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": "off",
      // To leave a property out.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  imports(["**/*.{ts,tsx}"], {}),
  // One of the baselines is a test of fast-check's.
  imports(["bench/baselines/**/*.ts"], { known: ["fast-check"] }),
  imports(inRoom("model"), { upper: rooms.slice(1), alone: true }),
  imports(inRoom("sim"), { upper: rooms.slice(2) }),
  imports(inRoom("sim/database"), { upper: rooms.slice(2), known: ["pg"] }),
  imports(inRoom("properties"), { upper: rooms.slice(3), known: ["fast-check"] }),
  imports(inRoom("reports"), { upper: rooms.slice(4) }),
  {
    files: rooms.slice(0, 4).flatMap(inRoom),
    ignores: ["sim/clock/**", "sim/database/**", ...tests],
    rules: { "no-restricted-syntax": ["error", ...realWorld] },
  },
);
