/** @file The criteria with their options, as lines of help made of what they declare. */
import { CRITERION_NAMES, criterionNamed, type OptionSpec } from "../prune/index.ts";

/** One line a criterion and one an option; options that many share stand at the end. */
export function criteriaHelp(): readonly string[] {
  const width = Math.max(...CRITERION_NAMES.map(({ length }) => length)) + 2;
  const owners = new Map<string, number>();
  for (const name of CRITERION_NAMES) {
    for (const key of Object.keys(criterionNamed(name).options)) {
      owners.set(key, (owners.get(key) ?? 0) + 1);
    }
  }
  const isShared = (key: string): boolean => (owners.get(key) ?? 0) > 1;
  const shared = new Map<string, OptionSpec>();
  const lines = CRITERION_NAMES.flatMap((name) => {
    const { explanation, options } = criterionNamed(name);
    const own = Object.entries(options).filter(([key, spec]) => {
      if (isShared(key)) shared.set(key, spec);
      return !isShared(key);
    });
    return [
      `  ${name.padEnd(width)}${explanation}`,
      ...own.flatMap(([key, spec]) => optionHelp(key, spec, width)),
    ];
  });
  return [
    "Criteria, named with their options as in lp:p=3,form=power:",
    ...lines,
    "  where several layers make one channel also",
    ...[...shared].flatMap(([key, spec]) => optionHelp(key, spec, width)),
  ];
}

function optionHelp(key: string, spec: OptionSpec, width: number): readonly string[] {
  const values = spec.kind === "choice" ? spec.choices.join("|") : `${spec.least} to ${spec.most}`;
  const indent = " ".repeat(width + 2);
  return [`${indent}${key}=${values} (${spec.usual})`, `${indent}  ${spec.says}`];
}
