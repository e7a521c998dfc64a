"""Runs the benchmark's cases and prints their tables. Started by test/bench/run; see docs/benchmark.md."""
import importlib
import os
import re
import statistics
import subprocess
import sys
import time

ROWS = int(os.environ["KPI_BENCH_ROWS"])
RUNS = int(os.environ.get("RUNS", "5"))
ENGINES = os.environ["ENGINES"].split()


class Postgres:
    """One psql for a session; times are psql's own, from sending a statement to its last row."""

    def run(self, statement, settings=()):
        lines = [f"SET {setting};" for setting in settings] + ["\\timing on", statement.strip().rstrip(";") + ";"]
        done = subprocess.run([os.environ["KPI_BENCH_PSQL"], "-XqAt", "-F", " ", "-v", "ON_ERROR_STOP=1", "-d", "bench"],
                              input="\n".join(lines), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        took = re.findall(r"^Time: ([0-9.]+) ms", done.stdout, re.M)
        answer = " ".join(line for line in done.stdout.splitlines() if not line.startswith("Time: "))
        return float(took[-1]), answer


class DuckDB:
    def __init__(self):
        import duckdb
        self.version = duckdb.__version__
        self.connection = duckdb.connect()
        self.connection.execute(
            "CREATE TABLE events AS SELECT column0 AS user_id, column1 AS us, column2 AS event "
            f"FROM read_csv('{os.environ['KPI_BENCH_CSV']}', header=false, "
            "columns={'column0': 'BIGINT', 'column1': 'BIGINT', 'column2': 'VARCHAR'})")

    def run(self, statement, threads=1):
        self.connection.execute(f"SET threads = {threads}")
        start = time.perf_counter()
        rows = self.connection.execute(statement).fetchall()
        return (time.perf_counter() - start) * 1000, " ".join(str(value) for row in rows for value in row)


class ClickHouse:
    def __init__(self):
        from chdb import session
        self.session = session.Session(os.path.join(os.environ["KPI_BENCH_WORK"], "clickhouse"))
        self.session.query("CREATE DATABASE IF NOT EXISTS bench")
        self.version = str(self.session.query("SELECT version()", "TSV")).strip()
        for table, order in (("by_time", "us"), ("by_actor", "(user_id, us)")):
            self.session.query(f"CREATE TABLE bench.{table} (user_id Int64, us UInt64, event LowCardinality(String)) "
                               f"ENGINE = MergeTree ORDER BY {order}")
            self.session.query(f"INSERT INTO bench.{table} SELECT c1, c2, c3 FROM "
                               f"file('{os.environ['KPI_BENCH_CSV']}', CSV, 'c1 Int64, c2 UInt64, c3 String')")
            self.session.query(f"OPTIMIZE TABLE bench.{table} FINAL")

    def run(self, statement, threads=1):
        start = time.perf_counter()
        result = self.session.query(f"{statement} SETTINGS max_threads = {threads}", "TSV")
        return (time.perf_counter() - start) * 1000, " ".join(str(result).split())


class Lifetimes:
    """Python's lifetimes; a statement is: model, file of orders, last day. From rows in a DataFrame to parameters."""

    def __init__(self):
        import lifetimes
        self.version = lifetimes.__version__
        self.frames = {}

    def run(self, statement):
        import lifetimes
        import pandas
        model, file, until = statement.split()
        if file not in self.frames:
            self.frames[file] = pandas.read_csv(file, names=["customer", "day", "amount"], parse_dates=["day"])
        start = time.perf_counter()
        summary = lifetimes.utils.summary_data_from_transaction_data(
            self.frames[file], "customer", "day", "amount" if model == "gamma_gamma" else None, observation_period_end=until)
        try:
            if model == "gamma_gamma":
                summary = summary[(summary.frequency > 0) & (summary.monetary_value > 0)]
                fitter = lifetimes.GammaGammaFitter()
                fitter.fit(summary.frequency, summary.monetary_value)
            else:
                fitter = lifetimes.BetaGeoFitter() if model == "bg_nbd" else lifetimes.ParetoNBDFitter()
                fitter.fit(summary.frequency, summary.recency, summary["T"])
            answer = ", ".join(f"{name} {value:.4g}" for name, value in fitter.params_.items())
        except lifetimes.utils.ConvergenceError:
            answer = "did not converge"
        return (time.perf_counter() - start) * 1000, f"{len(summary)} customers, {answer}"


def cpu():
    with open("/proc/cpuinfo", encoding="ascii") as info:
        return next((line.split(":")[1].strip() for line in info if line.startswith("model name")), "unknown")


def main():
    engines = {"postgres": Postgres()}
    print(f"{ROWS} rows, {RUNS} runs each after one to warm up, medians; {os.cpu_count()} cores, {cpu()}")
    print(engines["postgres"].run("SELECT version()")[1])
    for name, make in (("duckdb", DuckDB), ("clickhouse", ClickHouse), ("lifetimes", Lifetimes)):
        if name in ENGINES:
            engines[name] = make()
            print(f"{name} {engines[name].version}")
    failed = False
    for case in os.environ.get("CASES", "funnel timeline retention sessions ltv measures cashflow attribution").split():
        failed |= run_case(importlib.import_module(f"cases.{case}"), engines)
    return 1 if failed else 0


def run_case(case, engines):
    """A case has STATEMENTS: dicts with name, engine, statement, and perhaps answer ('same', 'wrong'), runs, arguments;
    and perhaps SETUP: what is run once before."""
    for s in getattr(case, "SETUP", []):
        if s["engine"] in engines:
            engines[s["engine"]].run(s["statement"])
    wanted = [s for s in case.STATEMENTS if s["engine"] in engines]
    times = {s["name"]: [] for s in wanted}
    answers = {}
    # alternately, so that a slower moment of the machine meets all of them
    for turn in range(RUNS + 1):
        for s in wanted:
            if turn > s.get("runs", RUNS):
                continue
            try:
                took, answers[s["name"]] = engines[s["engine"]].run(s["statement"], **s.get("arguments", {}))
            except Exception as error:  # the other statements still have their say
                answers[s["name"]] = f"FAILED: {str(error)[:200]}"
                took = float("nan")
            if turn > 0:
                times[s["name"]].append(took)
    reference = next(s["name"] for s in wanted if s.get("answer") == "reference")
    unit = statistics.median(times[wanted[0]["name"]])
    sums = statistics.median(times[wanted[1]["name"]])
    failed = False
    print(f"\n{case.TITLE}\n")
    print("| statement | ms | x count(*) | x count, sum | ns/row | answer |")
    print("|---|---|---|---|---|---|")
    for s in wanted:
        median = statistics.median(times[s["name"]])
        answer = answers[s["name"]]
        note = ""
        if answer.startswith("FAILED") or (s.get("answer") == "same" and answer != answers[reference]):
            failed = True
            note = " **DIFFERENT**"
        elif s.get("answer") == "wrong":
            note = " (wrong)"
        print(f"| {s['name']} | {median:.0f} | {median / unit:.2f} | {median / sums:.2f} | "
              f"{median * 1e6 / ROWS:.0f} | {answer}{note} |")
    return failed


if __name__ == "__main__":
    sys.exit(main())
