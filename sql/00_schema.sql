/* ---- schema ---- */

COMMENT ON SCHEMA @extschema@ IS
'kpi_track: measures digital performance: funnels, retention, customer value, ROI and KPI targets';

CREATE SCHEMA kpi_bi;
COMMENT ON SCHEMA kpi_bi IS
'kpi_track for BI tools: KPIs, their targets and values as a star of tables and plain views, brought up to date by kpi.refresh()';
