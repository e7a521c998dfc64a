import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** pgjdbc, which Tableau and Metabase connect with. Usage: JdbcClient FACTS SOCKET DATABASE USER */
public class JdbcClient {
    interface Check {
        void run(List<String> problems) throws Exception;
    }

    static final String SCHEMA = "kpi_bi";
    static final Set<Integer> PLAIN = Set.of(Types.DATE, Types.TIMESTAMP, Types.DOUBLE, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.VARCHAR);

    static void check(String name, Check check) {
        List<String> problems = new ArrayList<>();
        try {
            check.run(problems);
        } catch (Exception error) {
            problems.add(error.toString());
        }
        System.out.println(problems.isEmpty() ? "ok " + name : "not ok " + name + ": " + String.join("; ", problems.subList(0, Math.min(5, problems.size()))).replace('\n', ' '));
    }

    static String quoted(String name) {
        return '"' + name + '"';
    }

    public static void main(String[] args) throws Exception {
        Map<String, Map<String, String>> facts = new LinkedHashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        Set<String> tables = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of(args[0]), StandardCharsets.UTF_8)) {
            String[] f = line.split("\t");
            facts.computeIfAbsent(f[0], key -> new TreeMap<>()).put(f[2], f[3]);
            counts.put(f[0], Integer.parseInt(f[4]));
            if (f[1].equals("BASE TABLE")) tables.add(f[0]);
        }
        Properties settings = new Properties();
        settings.setProperty("user", args[3]);
        settings.setProperty("socketFactory", "UnixSockets");
        settings.setProperty("socketFactoryArg", args[1]);
        settings.setProperty("sslmode", "disable");
        settings.setProperty("gssEncMode", "disable");
        settings.setProperty("prepareThreshold", "-1"); // binary from the first time on
        Connection connection = DriverManager.getConnection("jdbc:postgresql://socket/" + args[2], settings);
        DatabaseMetaData metadata = connection.getMetaData();
        Map<String, List<Map<String, Object>>> read = new HashMap<>();

        check("discovers every table, view and column", problems -> {
            Map<String, Set<String>> found = new HashMap<>();
            try (ResultSet rows = metadata.getTables(null, SCHEMA, "%", new String[] {"TABLE", "VIEW"})) {
                while (rows.next()) found.put(rows.getString("TABLE_NAME"), new TreeSet<>());
            }
            try (ResultSet rows = metadata.getColumns(null, SCHEMA, "%", "%")) {
                while (rows.next()) if (found.containsKey(rows.getString("TABLE_NAME"))) found.get(rows.getString("TABLE_NAME")).add(rows.getString("COLUMN_NAME"));
            }
            for (var fact : facts.entrySet())
                if (!fact.getValue().keySet().equals(found.get(fact.getKey()))) problems.add(fact.getKey() + ": " + found.get(fact.getKey()));
        });
        check("plain types, and comments on everything", problems -> {
            try (ResultSet rows = metadata.getTables(null, SCHEMA, "%", new String[] {"TABLE", "VIEW"})) {
                while (rows.next()) if (rows.getString("REMARKS") == null) problems.add(rows.getString("TABLE_NAME") + " has no comment");
            }
            try (ResultSet rows = metadata.getColumns(null, SCHEMA, "%", "%")) {
                while (rows.next()) {
                    String name = rows.getString("TABLE_NAME") + "." + rows.getString("COLUMN_NAME");
                    if (!facts.containsKey(rows.getString("TABLE_NAME"))) continue; // indexes
                    if (!PLAIN.contains(rows.getInt("DATA_TYPE"))) problems.add(name + " is " + rows.getInt("DATA_TYPE") + " " + rows.getString("TYPE_NAME"));
                    if (rows.getInt("DATA_TYPE") == Types.VARCHAR && rows.getInt("COLUMN_SIZE") > 255) problems.add(name + " is too long");
                    if (rows.getString("REMARKS") == null) problems.add(name + " has no comment");
                }
            }
        });
        check("keys of the star", problems -> {
            for (String table : tables)
                try (ResultSet rows = metadata.getPrimaryKeys(null, SCHEMA, table)) {
                    if (!rows.next()) problems.add(table + " has no primary key");
                }
            Set<String> targets = new TreeSet<>();
            try (ResultSet rows = metadata.getImportedKeys(null, SCHEMA, "fact")) {
                while (rows.next()) targets.add(rows.getString("PKTABLE_NAME"));
            }
            for (String target : List.of("dim_kpi", "dim_segment", "dim_date")) if (!targets.contains(target)) problems.add("fact does not lead to " + target);
        });
        check("the probes of Tableau: SELECT * WHERE 1=0, and described without running", problems -> {
            for (var fact : facts.entrySet()) {
                try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM " + SCHEMA + "." + quoted(fact.getKey()) + " WHERE 1=0"); ResultSet rows = statement.executeQuery()) {
                    if (rows.getMetaData().getColumnCount() != fact.getValue().size()) problems.add(fact.getKey());
                }
                try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM " + SCHEMA + "." + quoted(fact.getKey()) + " LIMIT 0")) {
                    ResultSetMetaData row = statement.getMetaData();
                    for (int i = 1; i <= row.getColumnCount(); i++) if (!PLAIN.contains(row.getColumnType(i))) problems.add(fact.getKey() + "." + row.getColumnName(i) + " is " + row.getColumnTypeName(i));
                }
            }
        });
        check("reads every column of every object", problems -> {
            for (var fact : facts.entrySet()) {
                List<Map<String, Object>> kept = new ArrayList<>();
                try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM " + SCHEMA + "." + quoted(fact.getKey())); ResultSet rows = statement.executeQuery()) {
                    ResultSetMetaData row = rows.getMetaData();
                    while (rows.next()) {
                        Map<String, Object> values = new HashMap<>();
                        for (int i = 1; i <= row.getColumnCount(); i++) {
                            Object value = rows.getObject(i);
                            if (!(value == null || value instanceof String || value instanceof Integer || value instanceof Long || value instanceof Double || value instanceof Date || value instanceof Timestamp))
                                problems.add(fact.getKey() + "." + row.getColumnName(i) + " comes as " + value.getClass());
                            values.put(row.getColumnName(i), value);
                        }
                        kept.add(values);
                    }
                }
                read.put(fact.getKey(), kept);
                if (kept.size() != counts.get(fact.getKey())) problems.add(fact.getKey() + ": " + kept.size() + " rows");
            }
        });
        check("filters every column by a bound value", problems -> {
            for (var fact : facts.entrySet())
                for (String column : fact.getValue().keySet()) {
                    Object value = read.get(fact.getKey()).stream().map(row -> row.get(column)).filter(v -> v != null).findFirst().orElse(null);
                    if (value == null || value instanceof Double) continue;
                    long wanted = read.get(fact.getKey()).stream().filter(row -> value.equals(row.get(column))).count();
                    try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM " + SCHEMA + "." + quoted(fact.getKey()) + " WHERE " + quoted(column) + " = ?")) {
                        statement.setObject(1, value);
                        try (ResultSet rows = statement.executeQuery()) {
                            rows.next();
                            if (rows.getLong(1) != wanted) problems.add(fact.getKey() + "." + column + " = " + value + ": " + rows.getLong(1) + " rows, not " + wanted);
                        }
                    }
                }
        });
        check("aggregates ratios", problems -> {
            Map<Object, double[]> sums = new HashMap<>();
            for (var row : read.get("fact_day"))
                if (row.get("denominator") != null) {
                    double[] sum = sums.computeIfAbsent(row.get("kpi"), key -> new double[2]);
                    sum[0] += (Double) row.get("numerator");
                    sum[1] += (Double) row.get("denominator");
                }
            if (sums.isEmpty()) problems.add("there is no ratio");
            try (PreparedStatement statement = connection.prepareStatement("SELECT \"kpi\" AS \"kpi\", SUM(\"numerator\") / SUM(\"denominator\") AS \"ratio\" FROM \"kpi_bi\".\"fact_day\" \"fact_day\" WHERE (NOT (\"denominator\" IS NULL)) GROUP BY 1 HAVING (COUNT(1) > 0)");
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    double[] sum = sums.remove(rows.getString(1));
                    if (Math.abs(sum[0] / sum[1] - rows.getDouble(2)) > 1e-9) problems.add(rows.getString(1) + ": " + rows.getDouble(2));
                }
            }
            if (!sums.isEmpty()) problems.add("missing: " + sums.keySet());
        });
        check("Korean labels go there and back", problems -> {
            for (String[] label : new String[][] {{"dim_kpi", "title", "결제 전환율"}, {"dim_segment", "segment", "모바일 앱"}})
                try (PreparedStatement statement = connection.prepareStatement("SELECT " + label[1] + " FROM kpi_bi." + label[0] + " WHERE " + label[1] + " = ?")) {
                    statement.setString(1, label[2]);
                    try (ResultSet rows = statement.executeQuery()) {
                        if (!rows.next() || !rows.getString(1).equals(label[2])) problems.add(label[0]);
                    }
                }
        });
        connection.close();
    }
}
