"""What the Python drivers are asked, whoever they are: that they find, read, filter and add up everything in the schema kpi_bi.

Each check is a line for the suite: "ok NAME" or "not ok NAME: why".
"""
import csv
import datetime
import sys

SCHEMA = "kpi_bi"
KOREAN = {"dim_kpi": ("title", "결제 전환율"), "dim_segment": ("segment", "모바일 앱")}
PLAIN = (type(None), int, float, str, datetime.date, datetime.datetime)


class Facts:
    """What psql says is there, as the same role: a row for each column."""

    def __init__(self, path):
        self.columns = {}
        self.rows = {}
        self.tables = set()
        with open(path, encoding="utf-8", newline="") as file:
            for name, kind, column, data_type, rows in csv.reader(file, delimiter="\t"):
                self.columns.setdefault(name, {})[column] = data_type
                self.rows[name] = int(rows)
                if kind == "BASE TABLE":
                    self.tables.add(name)


def check(name, problems):
    """problems: a list of sentences, or a function that returns one."""
    try:
        found = list(problems() if callable(problems) else problems)
    except Exception as error:  # a driver may raise anything, and the other checks still have their say
        found = [f"{type(error).__name__}: {error}"]
    print(f"not ok {name}: {'; '.join(str(p) for p in found[:5])}" if found else f"ok {name}")
    sys.stdout.flush()


class Client:
    """query(sql, *values): rows; MARK is how the driver writes a bound value."""

    def __init__(self, facts, query, mark, quote=lambda name: f'"{name}"'):
        self.facts = facts
        self.query = query
        self.mark = mark
        self.quote = quote
        self.read = {}

    def discovers(self, found):
        """found: {object: columns} as the driver's own metadata have it."""
        check("discovers every table, view and column", [f"{name}: {sorted(set(found.get(name, ())) ^ set(columns))}"
                                                        for name, columns in self.facts.columns.items() if set(found.get(name, ())) != set(columns)])

    def reads(self):
        def problems():
            for name, columns in self.facts.columns.items():
                rows = self.query(f'SELECT {", ".join(self.quote(c) for c in columns)} FROM {SCHEMA}.{self.quote(name)}')
                self.read[name] = [dict(zip(columns, row)) for row in rows]
                if len(rows) != self.facts.rows[name]:
                    yield f"{name}: {len(rows)} rows, not {self.facts.rows[name]}"
                for row in self.read[name]:
                    for column, value in row.items():
                        if type(value) not in PLAIN:
                            yield f"{name}.{column} comes as {type(value).__name__}"
        check("reads every column of every object", problems)

    def filters(self):
        def problems():
            for name, rows in self.read.items():
                for column, data_type in self.facts.columns[name].items():
                    value = next((row[column] for row in rows if row[column] is not None), None)
                    if value is None or data_type == "double precision":
                        continue
                    wanted = sum(row[column] == value for row in rows)
                    got = self.query(f"SELECT count(*) FROM {SCHEMA}.{self.quote(name)} WHERE {self.quote(column)} = {self.mark}", value)[0][0]
                    if got != wanted:
                        yield f"{name}.{column} = {value!r}: {got} rows, not {wanted}"
        check("filters every column by a bound value", problems)

    def adds_up(self):
        def problems():
            sums = {}
            for row in self.read["fact_day"]:
                if row["denominator"] is not None:
                    n, d = sums.get(row["kpi"], (0, 0))
                    sums[row["kpi"]] = n + row["numerator"], d + row["denominator"]
            if not sums:
                yield "there is no ratio"
            got = dict(tuple(row) for row in self.query(f"SELECT kpi, sum(numerator) / sum(denominator) FROM {SCHEMA}.fact_day WHERE denominator IS NOT NULL GROUP BY kpi HAVING sum(denominator) <> {self.mark}", 0.0))
            for kpi, (n, d) in sums.items():
                if d and abs(got[kpi] - n / d) > 1e-9:
                    yield f"{kpi}: {got[kpi]}, not {n / d}"
        check("aggregates ratios", problems)

    def korean(self):
        def problems():
            for name, (column, label) in KOREAN.items():
                rows = self.query(f"SELECT {self.quote(column)} FROM {SCHEMA}.{self.quote(name)} WHERE {self.quote(column)} = {self.mark}", label)
                if [tuple(row) for row in rows] != [(label,)]:
                    yield f"{name}.{column}: {rows}"
        check("Korean labels go there and back", problems)

    def all(self, found):
        self.discovers(found)
        self.reads()
        self.filters()
        self.adds_up()
        self.korean()
