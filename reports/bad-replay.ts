/** A file that is no replay, or not one that this version can read. The message says what is wrong with it. By itself,
 *  for who only wants to know the error does not want all that reads replays. */
export class BadReplay extends Error {
  override readonly name = "BadReplay";
}
