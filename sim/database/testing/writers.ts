import type { Connection } from "../connection.ts";

/** What a writer did; a call that fails rejects. */
export interface Writing {
  readonly calls: number;
}

/** Enqueues and claims on one session, `least` times and then until told to stop, but no more than `most` times. */
export async function writeInLoop(
  connection: Connection,
  name: string,
  bounds: { readonly least: number; readonly most: number },
  isOver: () => boolean,
): Promise<Writing> {
  let calls = 0;
  while (calls < bounds.least || (calls < bounds.most && !isOver())) {
    const key = `${name}-${calls}`;
    await connection.query("select * from enqueue_payment_outbox($1, $2, $3, 'rail', '{}')", [
      key,
      name,
      key,
    ]);
    await connection.query("select * from claim_outbox_batch(1, $1, 60)", [name]);
    calls += 1;
  }
  return { calls };
}

/** Rows with a lease that the index of repair finds, and those that the table has. */
export async function leasedRows(connection: Connection): Promise<readonly [number, number]> {
  const count = "select count(*) as n from payment_outbox_pending where lease_expires_at is not null";
  const by = async (settings: string): Promise<number> => {
    await connection.run(settings);
    const { rows } = await connection.query(count, []);
    return Number(rows[0]?.["n"]);
  };
  return [
    await by("set enable_seqscan = off; set enable_indexscan = on"),
    await by(
      "set enable_seqscan = on; set enable_indexscan = off; set enable_bitmapscan = off; set enable_indexonlyscan = off",
    ),
  ];
}
