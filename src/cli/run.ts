/**
 * @file The command line as a function: arguments in, exit code out. Standard output carries the answer
 * alone; a refusal is one line on standard error.
 */
import { version } from "../../package.json";
import { AppError, explain, printable } from "../core/index.ts";
import { nearest, readArgs } from "./args.ts";
import type { Command } from "./command.ts";
import { convert } from "./commands/convert.ts";
import { evaluate } from "./commands/evaluate.ts";
import { inspect } from "./commands/inspect.ts";
import { predict } from "./commands/predict.ts";
import { prune } from "./commands/prune.ts";
import { replay } from "./commands/replay.ts";
import { run as runRecipe } from "./commands/run.ts";
import { score } from "./commands/score.ts";
import { sensitivity } from "./commands/sensitivity.ts";
import { train } from "./commands/train.ts";
import { commandHelp, globalHelp } from "./help.ts";
import { say, type Io } from "./io.ts";
import { badArgument } from "./refusal.ts";

/** In the order of the help. */
const COMMANDS: readonly Command[] = [
  inspect,
  predict,
  evaluate,
  score,
  sensitivity,
  prune,
  replay,
  train,
  runRecipe,
  convert,
];

/** Runs one command line; never throws. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    say(io, error instanceof AppError ? explain(error) : internal(error));
    return 1;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [first, ...rest] = argv;
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    const command = first === "help" ? COMMANDS.find(({ name }) => name === rest[0]) : undefined;
    io.out(command === undefined ? globalHelp(COMMANDS) : commandHelp(command));
    return 0;
  }
  if (first === "--version" || first === "-v") {
    io.out(`${version}\n`);
    return 0;
  }
  const command = COMMANDS.find(({ name }) => name === first);
  if (command === undefined) throw unknownCommand(first);
  const args = readArgs(rest, command);
  if (args.has("help")) {
    io.out(commandHelp(command));
    return 0;
  }
  return (await command.run(args, io)) ?? 0;
}

function unknownCommand(name: string): AppError {
  const names = COMMANDS.map((command) => command.name);
  const near = nearest(name, names);
  return badArgument(printable(name), {
    expected: `one of the commands ${names.join(", ")}`,
    found: name.startsWith("-") ? "a flag in front of the command" : "an unknown command",
    ...(near === undefined ? {} : { hint: `did you mean ${near}` }),
  });
}

/** A mistake of ours: still one line, but it says so. */
function internal(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `Espalier has made a mistake of its own, please report it: ${printable(message, 300)}`;
}
