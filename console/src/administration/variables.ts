/** Fills the variables of a template. A word in braces that is none stays as it is. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}

/** The variables of ready answers. */
export const VARIABLES = [
  'client',
  'clientFirstName',
  'operator',
  'operatorFirstName',
  'liveChat',
  'session',
] as const;
