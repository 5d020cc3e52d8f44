/** @file The logo: the trellis, still and small. The favicon is the same drawing. */

const LEAVES = [
  "M32 19C31 11 35 7 46 7C46 16 41 20 32 19Z",
  "M32 19C33 11 29 7 18 7C18 16 23 20 32 19Z",
  "M51 19C50 13 53 9 61 9C61 16 58 19 51 19Z",
  "M13 19C14 13 11 9 3 9C3 16 6 19 13 19Z",
  "M41 20C40 26 43 30 52 30C52 23 48 20 41 20Z",
  "M23 20C24 26 21 30 12 30C12 23 16 20 23 20Z",
  "M32 35C31 27 35 23 46 23C46 32 41 36 32 35Z",
  "M32 35C33 27 29 23 18 23C18 32 23 36 32 35Z",
  "M41 36C40 42 43 46 52 46C52 39 48 36 41 36Z",
  "M23 36C24 42 21 46 12 46C12 39 16 36 23 36Z",
  "M32 51C31 43 35 39 46 39C46 48 41 52 32 51Z",
  "M32 51C33 43 29 39 18 39C18 48 23 52 32 51Z",
].join("");

const WIRES =
  "M3 19H61M3 35H61M3 51H61M11 35 7 31M53 35l4-4M11 51 7 47M53 51l4-4M20 51l-4 4M44 51l4 4";

export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path d={WIRES} stroke="var(--clay)" strokeWidth="2.2" strokeLinecap="round" fill="none" />
      <path d="M32 4V60" stroke="var(--ink)" strokeWidth="4" strokeLinecap="round" />
      <path d="M9 19H55M18 35H46M27 51H37" stroke="var(--leaf)" strokeWidth="2.2" />
      <path d={LEAVES} fill="var(--leaf)" />
    </svg>
  );
}
