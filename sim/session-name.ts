/** Letters of the sessions, in order: a schedule has at most eight. */
export function sessionName(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}
