/* ---- schema ---- */

COMMENT ON SCHEMA @extschema@ IS
'kpi_track: measures digital performance: funnels, retention, customer value, ROI and KPI targets';
