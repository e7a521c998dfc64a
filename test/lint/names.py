#!/usr/bin/python3
"""names.py FILE: what PostgreSQL's own parser sees in the install script, and linters of extensions complain of.

- nothing is replaced, nothing is made only if it does not exist;
- each function in SQL or PL/pgSQL has a search_path of its own, without which whoever calls it chooses what names mean. Two kinds have
  none: those with a body that was bound when it was made (BEGIN ATOMIC or RETURN), and procedures, which with one could not commit;
- functions, operators, types and relations are named with their schemas, in bodies and in statements of the script, also where a
  search_path is pinned;
- where none is pinned there is nothing either that the parser makes operators of without a schema: IN, BETWEEN, LIKE, IS DISTINCT
  FROM, NULLIF, CASE x WHEN.

SQL that is put together when it runs is not seen: attack_install.sql has traps for that.

Prints a line for each finding, then how much was read. Needs pglast (Debian: python3-pglast), which is PostgreSQL 15's parser.
"""
import collections
import re
import sys

from pglast import parse_plpgsql, parse_sql
from pglast.enums import A_Expr_Kind
from pglast.parser import ParseError
from pglast.visitors import Visitor

SCHEMAS = {'@extschema@': 'kpi'}

findings = []
seen = collections.Counter()


def strings(names):
    return [n.sval for n in names]


class Names(Visitor):
    """What is named without a schema. `pinned`: a search_path says what that means."""

    def __init__(self, where, pinned, text, ctes):
        super().__init__()
        self.where, self.pinned, self.text, self.ctes = where, pinned, text, ctes

    def find(self, node, what):
        at = getattr(node, 'location', None) or 0
        around = ' '.join(self.text.encode()[max(0, at - 20):at + 60].decode(errors='replace').split())
        findings.append(f'{self.where}: {what}: ... {around} ...')

    def visit_FuncCall(self, _, node):
        seen['functions'] += 1
        if len(node.funcname) == 1:
            self.find(node, f'function {node.funcname[0].sval}')

    def visit_A_Expr(self, _, node):
        kind = A_Expr_Kind
        seen['operators'] += 1
        if node.kind in (kind.AEXPR_OP, kind.AEXPR_OP_ANY, kind.AEXPR_OP_ALL):
            if len(node.name) == 1:
                self.find(node, f'operator {node.name[0].sval}')
        elif not self.pinned and node.kind in (kind.AEXPR_DISTINCT, kind.AEXPR_NOT_DISTINCT, kind.AEXPR_NULLIF, kind.AEXPR_IN, kind.AEXPR_LIKE, kind.AEXPR_ILIKE,
                                               kind.AEXPR_SIMILAR, kind.AEXPR_BETWEEN, kind.AEXPR_NOT_BETWEEN, kind.AEXPR_BETWEEN_SYM, kind.AEXPR_NOT_BETWEEN_SYM):
            self.find(node, f'the operator of {node.kind.name[6:]}')

    def visit_CaseExpr(self, _, node):
        if node.arg is not None and not self.pinned:
            self.find(node, 'the operator of CASE x WHEN')

    def visit_SubLink(self, _, node):
        if node.testexpr is not None and node.operName is None and not self.pinned:
            self.find(node, 'the operator of IN')
        elif node.operName is not None and len(node.operName) == 1:
            self.find(node, f'operator {node.operName[0].sval}')

    def visit_SortBy(self, _, node):
        if node.useOp is not None and len(node.useOp) == 1:
            self.find(node, f'operator {node.useOp[0].sval}')

    def visit_TypeName(self, _, node):
        seen['types'] += 1
        if node.names is not None and len(node.names) == 1:
            self.find(node, f'type {node.names[0].sval}')

    def visit_RangeVar(self, _, node):
        seen['relations'] += 1
        if node.schemaname is None and node.relname not in self.ctes:
            self.find(node, f'relation {node.relname}')


class Ctes(Visitor):
    def __init__(self):
        super().__init__()
        self.names = set()

    def visit_CommonTableExpr(self, _, node):
        self.names.add(node.ctename)


def look(text, where, pinned):
    """Statements of SQL."""
    statements = parse_sql(text)
    ctes = Ctes()
    ctes(statements)
    Names(where, pinned, text, ctes.names)(statements)


def parses(text):
    try:
        parse_sql(text)
    except ParseError:
        return False
    return True


def queries_of(tree, assigned=False):
    """Statements, and expressions and types of variables as statements that select them, in what parse_plpgsql returns."""
    if isinstance(tree, list):
        for value in tree:
            yield from queries_of(value)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if key == 'PLpgSQL_expr':
                query = value['query']
                if assigned:
                    query = re.split(r':?=', query, maxsplit=1)[1]
                yield query if parses(query) else 'SELECT ' + query
            elif key == 'PLpgSQL_type':
                name = value['typname'].strip()
                # record is no type there, and what is %TYPE of something is named with that
                if name not in ('UNKNOWN', 'record') and '%' not in name:
                    yield f'SELECT NULL::{name}'
            else:
                yield from queries_of(value, key == 'PLpgSQL_stmt_assign' or assigned and key == 'expr')


def read_plpgsql(create):
    """parse_plpgsql knows no catalog: neither the fields of a row, nor that a function has OUT parameters to return. It is told otherwise."""
    while True:
        try:
            return parse_plpgsql(create)
        except ParseError as error:
            field = re.match(r'"(\w+)\.(\w+)" is not a known variable', str(error))
            if field:
                name = f'{field[1]}_{field[2]}_'
                told = re.sub(rf'\b{field[1]}\.{field[2]}\b', name, create)
                told = re.sub(r'(AS (\$\w*\$)(?:\s*#variable_conflict \w+)?)(.*)(\2)', rf'\1 DECLARE {name} record; BEGIN \3; END \4', told, flags=re.S)
            else:
                told = re.sub(r'\b(RETURN|RETURN NEXT);', r'\1 NULL;', create)
            if told == create:
                raise
            create = told


def look_plpgsql(create, where, pinned):
    some = 0
    for query in queries_of(read_plpgsql(create)):
        some += 1
        look(query, where, pinned)
    return some


def option(statement, name):
    return [o.arg for o in statement.options or [] if o.defname == name]


def pins_search_path(statement):
    return any(a.name == 'search_path' for a in option(statement, 'set'))


def function(statement, text):
    name = '.'.join(strings(statement.funcname))
    language = [a.sval for a in option(statement, 'language')]
    pinned = pins_search_path(statement)
    if statement.replace:
        findings.append(f'{name}: OR REPLACE')
    if len(statement.funcname) == 1:
        findings.append(f'{name}: made without a schema')
    if statement.sql_body is not None:
        seen['bound bodies'] += 1
        return
    if language[0] in ('c', 'internal'):
        seen['functions in C'] += 1
        return
    seen[f'functions in {language[0]}'] += 1
    if not pinned and not statement.is_procedure:
        findings.append(f'{name}: no search_path')
    body = option(statement, 'as')[0][0].sval
    if language[0] == 'sql':
        look(body, name, pinned)
    else:
        try:
            seen['statements of PL/pgSQL'] += look_plpgsql(text, name, pinned)
        except ParseError as e:
            findings.append(f'{name}: cannot be read: {e}')


def script(text):
    for raw in parse_sql(text):
        statement = raw.stmt
        at = raw.stmt_location
        source = text.encode()[at:at + raw.stmt_len if raw.stmt_len else None].decode()
        kind = type(statement).__name__
        seen['statements'] += 1
        if getattr(statement, 'if_not_exists', None):
            findings.append(f'{kind}: IF NOT EXISTS: {source.strip()[:80]}')
        if kind != 'CreateFunctionStmt' and getattr(statement, 'replace', None) and kind != 'CreateOpClassStmt':
            findings.append(f'{kind}: OR REPLACE: {source.strip()[:80]}')
        if kind == 'CreateFunctionStmt':
            function(statement, source)
        elif kind == 'DoStmt':
            body = [a.arg.sval for a in statement.args if a.defname == 'as'][0]
            wrapped = f'CREATE FUNCTION kpi.block() RETURNS void LANGUAGE plpgsql AS $do_block$ {body} $do_block$'
            seen['statements of PL/pgSQL'] += look_plpgsql(wrapped, 'DO', False)
        elif kind == 'ViewStmt':
            # bound when it is made, as everything of the script is: under pg_catalog and the extension's schema
            seen['views'] += 1


def main():
    text = open(sys.argv[1], encoding='utf-8').read()
    # neither what psql reads, nor comments, which libpg_query does not know between the pieces of one string
    text = re.sub(r'^(\\echo|\s*--).*$', '', text, flags=re.M)
    for name, schema in SCHEMAS.items():
        text = text.replace(name, schema)
    script(text)
    for finding in findings:
        print(finding)
    print(', '.join(f'{count} {what}' for what, count in sorted(seen.items())))
    # a reader that sees nothing finds nothing
    return 1 if findings or seen['functions in sql'] < 100 or seen['statements of PL/pgSQL'] < 2000 else 0


sys.exit(main())
