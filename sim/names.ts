const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Gives each id that the database makes up a name by first appearance (row1, lease1), so that equal runs have equal histories. */
export class Names {
  private readonly byId = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  /** The id's name; a new one with this prefix when it is first seen. */
  of(prefix: "row" | "lease", id: string): string {
    const known = this.byId.get(id);
    if (known !== undefined) return known;
    const count = (this.counts.get(prefix) ?? 0) + 1;
    const name = `${prefix}${count}`;
    this.counts.set(prefix, count);
    this.byId.set(id, name);
    return name;
  }

  /** The text with the ids that have a name by that name. */
  inText(text: string): string {
    return text.replace(uuids, (id) => this.byId.get(id) ?? id);
  }

  /** Fixes a name beforehand. */
  set(id: string, name: string): void {
    this.byId.set(id, name);
  }
}
