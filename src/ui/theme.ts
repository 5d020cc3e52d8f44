/**
 * @file Mantine's theme, derived from the tokens: its variables point at ours, so that a colour or a
 * size is changed in `tokens.css` and nowhere else.
 */
import {
  ActionIcon,
  Button,
  Checkbox,
  createTheme,
  Input,
  Menu,
  NativeSelect,
  type CSSVariablesResolver,
} from "@mantine/core";
import { ChevronDown } from "lucide-react";
import { createElement } from "react";

const control = { "--input-height": "var(--control-height)", "--input-fz": "var(--text)" };

const button = {
  "--button-height": "var(--control-height)",
  "--button-padding-x": "12px",
  "--button-fz": "var(--text)",
};

export const theme = createTheme({
  fontFamily: "var(--face)",
  fontFamilyMonospace: "var(--mono)",
  fontSizes: {
    xs: "var(--text-small)",
    sm: "var(--text)",
    md: "var(--text)",
    lg: "var(--text-strong)",
    xl: "var(--text-figure)",
  },
  defaultRadius: "var(--radius)",
  cursorType: "pointer",
  focusRing: "never",
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      defaultProps: { variant: "default" },
      vars: (_theme, { variant, size }) => ({
        root: String(size ?? "").startsWith("compact")
          ? { "--button-height": "28px" }
          : variant === "filled"
            ? {
                ...button,
                "--button-bg": "var(--ink)",
                "--button-color": "var(--sheet)",
                "--button-hover": "color-mix(in srgb, var(--ink) 88%, var(--sheet))",
              }
            : button,
      }),
    }),
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: "subtle" },
      vars: () => ({
        root: {
          "--ai-size": "var(--control-height)",
          "--ai-color": "var(--ink)",
          "--ai-hover": "var(--row)",
          "--ai-hover-color": "var(--ink)",
        },
      }),
    }),
    Input: Input.extend({ vars: () => ({ wrapper: control }) }),
    NativeSelect: NativeSelect.extend({
      defaultProps: { rightSection: createElement(ChevronDown, { size: 14 }) },
    }),
    InputWrapper: Input.Wrapper.extend({
      vars: () => ({
        label: { "--input-label-size": "var(--text)", "--input-asterisk-color": "var(--ink)" },
        error: { "--input-error-size": "var(--text-small)" },
        description: { "--input-description-size": "var(--text-small)" },
        success: {},
      }),
    }),
    Checkbox: Checkbox.extend({
      vars: () => ({
        root: { "--checkbox-color": "var(--ink)", "--checkbox-icon-color": "var(--sheet)" },
      }),
    }),
    Menu: Menu.extend({ defaultProps: { transitionProps: { duration: 0 }, shadow: "none" } }),
  },
});

const COLORS = {
  "--mantine-color-body": "var(--paper)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-bright": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-2)",
  "--mantine-color-default": "var(--sheet)",
  "--mantine-color-default-hover": "var(--row)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--control)",
  "--mantine-color-error": "var(--amber)",
  "--mantine-color-placeholder": "var(--half)",
  "--mantine-color-anchor": "var(--ink)",
  "--mantine-color-disabled": "var(--row)",
  "--mantine-color-disabled-color": "var(--half)",
  "--mantine-color-disabled-border": "var(--line)",
  "--mantine-primary-color-filled": "var(--ink)",
  "--mantine-primary-color-contrast": "var(--sheet)",
};

export const resolver: CSSVariablesResolver = () => ({
  variables: {},
  light: COLORS,
  dark: COLORS,
});
