import { QueryRun } from './athena'
import { Shelf } from './shelf'

type Report = Readonly<{ name: string; sql: string }>

const REPORTS: Report[] = [
  { name: 'revenue', sql: 'SELECT day, sum(total) FROM orders GROUP BY day' },
  { name: 'refunds', sql: 'SELECT day, count(*) FROM refunds GROUP BY day' },
]

class Csv {
  private readonly rows: string[] = []

  /** Of rows, not of an object storage. */
  putObject(cells: string[]): void {
    this.rows.push(cells.map((cell) => JSON.stringify(cell)).join(','))
  }

  [Symbol.toPrimitive](): string {
    return this.rows.join('\n')
  }
}

export async function handler({ only }: { only?: string[] }): Promise<Record<string, string>> {
  const shelf = await Shelf.open({ prefix: 'reports/' })
  const links: Record<string, string> = {}
  for (const { name, sql } of REPORTS.filter((one) => !only || only.includes(one.name))) {
    const csv = new Csv()
    for await (const row of new QueryRun(sql)) csv.putObject(row)
    links[name] = await shelf.put(name, `${csv}`)
  }
  return links
}
