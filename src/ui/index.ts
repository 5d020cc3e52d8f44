/** @file The door of `ui`: the page as one component around a workbench. */
export { Root } from "./Root.tsx";
