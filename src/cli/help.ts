/** @file The help, made of what the commands declare. */
import type { Command } from "./command.ts";

const CALL = "npm run -s espalier --";

/** All commands, a line each. */
export function globalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return lines([
    "Espalier trains, prunes and exports convolutional networks.",
    "",
    `  ${CALL} COMMAND …`,
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "  COMMAND --help says more of a command, --version which Espalier this is.",
    "",
    "MODEL is a folder with a model.json, a model.json, a .safetensors file, a zip of one of these, or",
    "an architecture with fresh weights, such as vgg16, vgg16:width=0.25, preresnet-164, resnet-56 or",
    "densenet-40. With --json the answer is JSON on standard output; progress goes to standard error.",
  ]);
}

/** One command with its flags. */
export function commandHelp({ name, summary, notes, positionals, options }: Command): string {
  const flags = Object.entries(options).map(([flag, { value, short, help }]) => ({
    left: `${short === undefined ? "    " : `-${short}, `}--${flag}${value === undefined ? "" : ` ${value}`}`,
    help,
  }));
  const width = Math.max(...flags.map(({ left }) => left.length));
  return lines([
    `${name}: ${summary}`,
    "",
    `  ${CALL} ${[name, ...positionals].join(" ")} …`,
    "",
    ...flags.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`),
    ...(notes === undefined ? [] : ["", ...notes]),
  ]);
}

function lines(text: readonly string[]): string {
  return `${text.join("\n")}\n`;
}
