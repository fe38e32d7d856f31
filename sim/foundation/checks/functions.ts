import {
  type ExpectedFunction,
  expectedFunctions,
  pinnedSearchPath,
} from "../../../model/foundation/functions.ts";
import { need, type Held, type Routine } from "../catalog.ts";
import { type Check, mendedByHand, mendedBySql, type Problem } from "../check.ts";

const baseName = (signature: string): string => signature.slice(0, signature.indexOf("("));

/** Contract 3: the functions, and what holds for each function of public, also for those that a later migration adds. */
export const functionChecks: readonly Check[] = [
  ...expectedFunctions.map((expected): Check => ({
    id: `function.${baseName(expected.signature)}`,
    name: `${baseName(expected.signature)} has the contract's arguments, result and rights`,
    contract: "3",
    weak: false,
    judge: ({ functions }) => judgeFunction(expected, need(functions)),
  })),
  {
    id: "function.no-public-execute",
    name: "PUBLIC may execute no function in public",
    contract: "4",
    weak: false,
    judge: ({ held, functions }) =>
      need(held)
        .filter(isPublicExecute)
        .map(revokeExecute(need(functions))),
  },
  {
    id: "function.definer-search-path",
    name: "each SECURITY DEFINER function in public names its search_path, pg_temp last",
    contract: "3",
    weak: false,
    judge: ({ functions }) => need(functions).filter(isOpenDefiner).map(pinPath),
  },
];

function judgeFunction(expected: ExpectedFunction, functions: readonly Routine[]): readonly Problem[] {
  const name = baseName(expected.signature);
  const found = functions.find(({ signature }) => signature === expected.signature);
  const others = functions.filter((each) => each.name === name && each !== found);
  return [
    ...(found === undefined
      ? [mendedByHand(`there is no function public.${expected.signature}`, "make it, in a new migration")]
      : judgeFound(expected, found)),
    ...others.map(({ sqlName }) =>
      mendedBySql(`there is another function of the name: ${sqlName}`, `DROP FUNCTION ${sqlName};`),
    ),
  ];
}

function judgeFound(expected: ExpectedFunction, found: Routine): readonly Problem[] {
  const problems: Problem[] = [];
  if (expected.arguments !== null && found.arguments !== expected.arguments)
    problems.push(anew(`its arguments are (${found.arguments}), not (${expected.arguments})`));
  if (found.result !== expected.result)
    problems.push(anew(`it returns ${found.result}, not ${expected.result}`));
  if (!languages.includes(found.language))
    problems.push(anew(`it is written in ${found.language}, not in ${languages.join(" or ")}`));
  if (!expected.securityDefiner) return problems;
  if (!found.securityDefiner)
    problems.push(
      mendedBySql("it is not SECURITY DEFINER", `ALTER FUNCTION ${found.sqlName} SECURITY DEFINER;`),
    );
  if (found.searchPath !== pinnedSearchPath)
    problems.push(
      mendedBySql(`its search_path is ${pathText(found)}, not ${pinnedSearchPath}`, setPath(found)),
    );
  return problems;
}

/** Those in which a function can do no more than SQL can. */
const languages = ["plpgsql", "sql"];

const anew = (what: string): Problem =>
  mendedByHand(what, "CREATE OR REPLACE it in a new migration; a changed result needs DROP FUNCTION first");

const isPublicExecute = ({ grantee, kind }: Held): boolean => grantee === "PUBLIC" && kind === "function";

const revokeExecute =
  (functions: readonly Routine[]) =>
  ({ name }: Held): Problem => {
    const sqlName = functions.find(({ signature }) => signature === name)?.sqlName ?? name;
    return mendedBySql(`PUBLIC may execute ${sqlName}`, `REVOKE ALL ON ROUTINE ${sqlName} FROM PUBLIC;`);
  };

const isOpenDefiner = ({ securityDefiner, searchPath }: Routine): boolean =>
  securityDefiner && !/(^|, )"?pg_temp"?$/.test(searchPath ?? "");

const pinPath = (routine: Routine): Problem =>
  mendedBySql(
    `${routine.sqlName} is SECURITY DEFINER, and its search_path is ${pathText(routine)}: ` +
      "a caller's temporary objects come before its own",
    setPath(routine),
  );

const pathText = ({ searchPath }: Routine): string => searchPath ?? "the caller's";
const setPath = ({ sqlName }: Routine): string =>
  `ALTER ROUTINE ${sqlName} SET search_path = ${pinnedSearchPath};`;
