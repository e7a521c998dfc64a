-- the wrappers of partial_agg.c; :module is the library
CREATE SCHEMA partial_agg;
SET search_path = partial_agg;

CREATE FUNCTION worker_step(internal, aggregate oid, arguments anyelement) RETURNS internal
    LANGUAGE C PARALLEL SAFE AS :'module', 'worker_step';
CREATE FUNCTION worker_text(internal) RETURNS text LANGUAGE C PARALLEL SAFE AS :'module', 'worker_text';
CREATE FUNCTION worker_bytes(internal) RETURNS bytea LANGUAGE C PARALLEL SAFE AS :'module', 'worker_bytes';
CREATE FUNCTION coord_text_step(internal, aggregate oid, partial text, result anyelement) RETURNS internal
    LANGUAGE C PARALLEL SAFE AS :'module', 'coord_text_step';
CREATE FUNCTION coord_bytes_step(internal, aggregate oid, partial bytea, result anyelement) RETURNS internal
    LANGUAGE C PARALLEL SAFE AS :'module', 'coord_bytes_step';
CREATE FUNCTION coord_final(internal, aggregate oid, partial text, result anyelement) RETURNS anyelement
    LANGUAGE C PARALLEL SAFE AS :'module', 'coord_final';
CREATE FUNCTION coord_final(internal, aggregate oid, partial bytea, result anyelement) RETURNS anyelement
    LANGUAGE C PARALLEL SAFE AS :'module', 'coord_final';

-- the partial state of an aggregate over the rows of one worker, as text or as bytes
CREATE AGGREGATE worker_text(aggregate oid, arguments anyelement) (
    SFUNC = worker_step, STYPE = internal, FINALFUNC = worker_text);
CREATE AGGREGATE worker_bytes(aggregate oid, arguments anyelement) (
    SFUNC = worker_step, STYPE = internal, FINALFUNC = worker_bytes);
-- the result of an aggregate from such partial states; `result` is a null of its type
CREATE AGGREGATE coord_text(aggregate oid, partial text, result anyelement) (
    SFUNC = coord_text_step, STYPE = internal, FINALFUNC = coord_final, FINALFUNC_EXTRA);
CREATE AGGREGATE coord_bytes(aggregate oid, partial bytea, result anyelement) (
    SFUNC = coord_bytes_step, STYPE = internal, FINALFUNC = coord_final, FINALFUNC_EXTRA);
