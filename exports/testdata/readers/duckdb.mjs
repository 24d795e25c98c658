// Reads a Parquet file with DuckDB and prints its columns, rows and words as JSON.
// Usage: node duckdb.mjs FILE.parquet
import { DuckDBInstance } from '@duckdb/node-api'

const file = process.argv[2].replaceAll("'", "''")
const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
const all = await connection.runAndReadAll(`SELECT * FROM read_parquet('${file}')`)
// DuckDB tells names apart without regard to case and renames; these are those in the file.
const names = await connection.runAndReadAll(`SELECT name FROM parquet_schema('${file}') WHERE num_children IS NULL`)
const words = await connection.runAndReadAll(`SELECT decode(value) FROM parquet_kv_metadata('${file}') WHERE decode(key) = 'rondo'`)
console.log(JSON.stringify({
  columns: names.getRows().map((row) => row[0]),
  rows: all.getRowsJson(),
  words: JSON.parse(words.getRows()[0][0]),
}))
