// node-postgres, which Cube, Lightdash and Evidence connect with.
'use strict';
const fs = require('fs');
const { Client } = require('pg');

const SCHEMA = 'kpi_bi';
const facts = new Map();
for (const line of fs.readFileSync(process.argv[2], 'utf8').trimEnd().split('\n')) {
    const [name, , column, type, rows] = line.split('\t');
    if (!facts.has(name)) facts.set(name, { columns: new Map(), rows: Number(rows) });
    facts.get(name).columns.set(column, type);
}

async function check(name, body) {
    const problems = [];
    try {
        await body(problems);
    } catch (error) {
        problems.push(String(error));
    }
    console.log(problems.length ? `not ok ${name}: ${problems.slice(0, 5).join('; ')}` : `ok ${name}`);
}

async function main() {
    const client = new Client({ host: process.env.PGHOST, port: Number(process.env.PGPORT), database: process.env.PGDATABASE, user: process.env.PGUSER });
    await client.connect();
    const read = new Map();
    await check('discovers every table, view and column', async problems => {
        const found = await client.query('SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = $1', [SCHEMA]);
        for (const [name, fact] of facts) {
            const columns = found.rows.filter(row => row.table_name === name).map(row => row.column_name).sort();
            if (columns.join() !== [...fact.columns.keys()].sort().join()) problems.push(`${name}: ${columns}`);
        }
    });
    await check('reads every column of every object', async problems => {
        for (const [name, fact] of facts) {
            const { rows } = await client.query(`SELECT * FROM ${SCHEMA}."${name}"`);
            read.set(name, rows);
            if (rows.length !== fact.rows) problems.push(`${name}: ${rows.length} rows, not ${fact.rows}`);
            for (const row of rows) {
                for (const [column, type] of fact.columns) {
                    const value = row[column];
                    // numbers are numbers, but of 64 bits, which JavaScript has none for
                    const wanted = { 'double precision': 'number', integer: 'number', smallint: 'number', bigint: 'string', 'character varying': 'string' }[type];
                    if (value !== null && (wanted ? typeof value !== wanted : !(value instanceof Date))) problems.push(`${name}.${column} (${type}) comes as ${typeof value}`);
                }
            }
        }
    });
    await check('filters every text by a bound value', async problems => {
        for (const [name, fact] of facts) {
            for (const [column, type] of fact.columns) {
                const value = type === 'character varying' ? read.get(name).map(row => row[column]).find(v => v !== null) : undefined;
                if (value === undefined) continue;
                const wanted = read.get(name).filter(row => row[column] === value).length;
                const got = await client.query(`SELECT count(*)::integer AS n FROM ${SCHEMA}."${name}" WHERE "${column}" = $1`, [value]);
                if (got.rows[0].n !== wanted) problems.push(`${name}.${column} = ${value}: ${got.rows[0].n} rows, not ${wanted}`);
            }
        }
    });
    await check('aggregates ratios', async problems => {
        const sums = new Map();
        for (const row of read.get('fact_day')) {
            if (row.denominator === null) continue;
            const [n, d] = sums.get(row.kpi) || [0, 0];
            sums.set(row.kpi, [n + row.numerator, d + row.denominator]);
        }
        if (!sums.size) problems.push('there is no ratio');
        const got = await client.query(`SELECT kpi, sum(numerator) / sum(denominator) AS ratio FROM ${SCHEMA}.fact_day WHERE denominator IS NOT NULL AND period_start >= $1 GROUP BY 1`, ['1970-01-01']);
        for (const { kpi, ratio } of got.rows) if (Math.abs(sums.get(kpi)[0] / sums.get(kpi)[1] - ratio) > 1e-9) problems.push(`${kpi}: ${ratio}`);
    });
    await check('Korean labels go there and back', async problems => {
        for (const [name, column, label] of [['dim_kpi', 'title', '결제 전환율'], ['dim_segment', 'segment', '모바일 앱']]) {
            const { rows } = await client.query(`SELECT ${column} AS label FROM ${SCHEMA}.${name} WHERE ${column} = $1`, [label]);
            if (rows.length !== 1 || rows[0].label !== label) problems.push(`${name}: ${JSON.stringify(rows)}`);
        }
    });
    await client.end();
}

main();
