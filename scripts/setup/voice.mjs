/**
 * @file How the set-up speaks: one line for each step, and on a terminal one line that moves while a
 * step runs. Nothing is drawn where the output is a file or a pipe.
 */

/**
 * @typedef {object} Voice
 * @property {(text: string) => void} say a line that stays
 * @property {(text: string) => void} warn a line that stays, on standard error
 * @property {(text: string, quarter?: number) => void} show a line that moves; where nothing can
 *   move, it is printed once each time `quarter` changes, and never without it
 * @property {() => void} clear takes the moving line away
 */

/**
 * @param {{ write: (text: string) => unknown, isTTY?: boolean, columns?: number }} [out]
 * @param {{ write: (text: string) => unknown }} [err]
 * @returns {Voice}
 */
export function makeVoice(out = process.stdout, err = process.stderr) {
  let moving = false;
  let lastQuarter = -1;
  const clear = () => {
    if (moving) out.write("\r\u001B[2K");
    moving = false;
  };
  return {
    clear,
    say(text) {
      clear();
      lastQuarter = -1;
      out.write(`${text}\n`);
    },
    warn(text) {
      clear();
      err.write(`${text}\n`);
    },
    show(text, quarter) {
      if (out.isTTY === true) {
        out.write(`\r\u001B[2K${text.slice(0, (out.columns ?? 80) - 1)}`);
        moving = true;
      } else if (quarter !== undefined && quarter !== lastQuarter) {
        lastQuarter = quarter;
        out.write(`${text}\n`);
      }
    },
  };
}

/**
 * Shows how much of a download has come.
 *
 * @param {Voice} voice
 * @param {string} label
 * @returns {(done: number, total: number) => void}
 */
export function showBytes(voice, label) {
  return (done, total) => {
    // A server need not say how much there will be.
    const share = total > 0 ? Math.min(done / total, 1) : undefined;
    const percent = share === undefined ? "" : ` ${String(Math.floor(share * 100)).padStart(3)} % `;
    const of = share === undefined ? "" : ` of ${megabytes(total)}`;
    voice.show(`  ${label}${percent} ${megabytes(done)}${of}`, Math.floor((share ?? 0) * 4));
  };
}

/**
 * Shows a moving count of seconds while a promise is pending, for work that reports nothing itself.
 *
 * @template T
 * @param {Voice} voice
 * @param {string} label
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export async function showSeconds(voice, label, work) {
  const start = Date.now();
  const timer = setInterval(() => {
    voice.show(`  ${label} ${seconds(Date.now() - start)}`);
  }, 500);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    voice.clear();
  }
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
