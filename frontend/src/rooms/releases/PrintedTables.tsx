/** Tables 3 to 7 of the paper, as they are printed into a release: in its language, English. */
import { useWords } from "../../words/words";
import type { ReleaseTable } from "./draft";

const isNumber = (text: string): boolean => /^[-–]?[\d.,]*$/.test(text);

export function PrintedTables({ tables }: { tables: readonly ReleaseTable[] }) {
  const { releases } = useWords();
  return (
    <div className="printed" lang="en" dir="ltr">
      {tables.map((table) => (
        <figure key={table.name} className="printed-table">
          <figcaption>
            <strong>{releases.table(table.name.replace("table-", ""))}</strong> {table.title}
          </figcaption>
          <div className="scroll-sideways" tabIndex={0} role="region" aria-label={table.title}>
            <table className="plain-table">
              <thead>
                <tr>
                  {table.columns.map((column, at) => (
                    <th key={column} scope="col" className={at > 0 ? "number" : undefined}>
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {table.rows.map(([name = "", ...cells], row) => (
                  <tr key={`${row} ${name}`}>
                    <th scope="row">{name}</th>
                    {cells.map((cell, at) => (
                      <td key={table.columns[at + 1]} className={isNumber(cell) ? "number" : undefined}>
                        {cell}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {table.notes.map((note) => (
            <p key={note} className="quiet">
              {note}
            </p>
          ))}
        </figure>
      ))}
    </div>
  );
}
