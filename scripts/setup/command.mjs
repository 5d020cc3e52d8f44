/**
 * @file Runs other programs: npm through the Node that runs now (a bare `npm` is a script on some
 * systems and a batch file on others), and anything else with a bound on its time.
 */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ROOT } from "./paths.mjs";
import { SetupFailure } from "./failure.mjs";

/** @typedef {{ code: number | null, stdout: string, stderr: string, timedOut: boolean }} Outcome */

/** Enough for a JSON answer or for the last error; a chatty program cannot fill the memory. */
const KEPT_CHARACTERS = 1_000_000;

/**
 * Runs a program to its end. The child dies with this process.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, limitMs?: number, show?: boolean }} [options]
 *   `show` passes its output through instead of keeping it
 * @returns {Promise<Outcome>} `code` is null when it could not be started or was ended
 */
export function runCommand(program, args, { cwd = ROOT, env, limitMs, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: show ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    let stdout = "";
    let stderr = "";
    let timedOut = false;
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout = (stdout + text).slice(-KEPT_CHARACTERS);
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      stderr = (stderr + text).slice(-KEPT_CHARACTERS);
    });
    const endChild = () => child.kill("SIGKILL");
    process.once("exit", endChild);
    const timer =
      limitMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill("SIGKILL");
          }, limitMs);
    /** @param {number | null} code @param {string} text */
    const settle = (code, text) => {
      clearTimeout(timer);
      process.removeListener("exit", endChild);
      resolve({ code, stdout, stderr: stderr + text, timedOut });
    };
    child.once("error", (error) => settle(null, error.message));
    child.once("close", (code) => settle(code, ""));
  });
}

/**
 * Finds npm's own program: the one that runs this script, else the one that came with this Node.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {(path: string) => boolean} [exists]
 * @returns {string}
 */
export function npmProgram(env = process.env, exists = existsSync) {
  const running = env["npm_execpath"];
  if (running !== undefined && basename(running) === "npm-cli.js" && exists(running)) {
    return running;
  }
  const bin = dirname(process.execPath);
  const program = [
    join(bin, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    join(bin, "node_modules", "npm", "bin", "npm-cli.js"),
    "/usr/share/nodejs/npm/bin/npm-cli.js",
  ].find((path) => exists(path));
  if (program !== undefined) return program;
  throw new SetupFailure(
    "other",
    "npm was not found beside this Node",
    "install npm (it comes with Node from https://nodejs.org), then run `npm run setup`",
  );
}

/**
 * Runs npm quietly. Few and quick retries: without a network, npm's own patience is minutes long.
 *
 * @param {readonly string[]} args
 * @param {{ cwd?: string }} [options]
 * @returns {Promise<Outcome>}
 */
export function runNpm(args, { cwd } = {}) {
  return runCommand(process.execPath, [npmProgram(), ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: {
      npm_config_loglevel: "error",
      npm_config_fund: "false",
      npm_config_audit: "false",
      npm_config_update_notifier: "false",
      npm_config_fetch_retries: "2",
      npm_config_fetch_retry_mintimeout: "500",
      npm_config_fetch_retry_maxtimeout: "4000",
    },
  });
}

/**
 * Makes an error of npm's last words. npm names the cause in a line `npm error code ENOTFOUND`.
 *
 * @param {Outcome} outcome
 * @returns {Error & { code?: string }}
 */
export function npmError({ code, stderr }) {
  const named = /npm (?:error|ERR!) code (\S+)/.exec(stderr)?.[1];
  const line = stderr
    .split("\n")
    .map((text) => text.replace(/^npm (?:error|ERR!)\s*/, "").trim())
    .find((text) => text !== "" && !text.startsWith("code "));
  const error = new Error(line ?? `npm ended with code ${String(code)}`);
  return named === undefined ? error : Object.assign(error, { code: named });
}
