/** @file The way to another answer, behind a fact. */
import styles from "./LoadStep.module.css";

interface ChangeLinkProps {
  /** What is changed, for whoever does not see the fact. */
  readonly of: string;
  readonly onClick: () => void;
}

export function ChangeLink({ of, onClick }: ChangeLinkProps) {
  return (
    <>
      {" "}
      <button type="button" className={styles.link} aria-label={`Change ${of}`} onClick={onClick}>
        Change
      </button>
    </>
  );
}
