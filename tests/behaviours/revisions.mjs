// What has to hold of revisions on every host.
import { open } from '../../pkg/dist/index.js';
import { equal, rejected, tables } from './host.mjs';

const id = (n) => n.toString(16).padStart(12, '0');
const revision = (n, down, upgrade, downgrade = []) => ({ id: id(n), down: down.map(id), upgrade, downgrade });

const A = 'CREATE TABLE a (x)';
const B = 'CREATE TABLE b (x)';
const BROKEN = [revision(1, [], [A, 'CREATE TABLE bad ('])];

/** By name: each takes a host with an empty database, and fails with an error that says what is wrong. */
export const cases = {
  async 'half-applied'(host) {
    const error = await rejected(() => open(host.driver, BROKEN), 'the second statement is wrong');
    equal(error.code, 'statement-failed', 'code');
    equal(error.statement, 'CREATE TABLE bad (', 'statement');
    equal(await tables(host), [], 'tables');
  },

  async 'retry-after-fix'(host) {
    await rejected(() => open(host.driver, BROKEN), 'the second statement is wrong');
    await open(host.driver, [revision(1, [], [A, B])]);
    equal(await tables(host), ['a', 'b'], 'tables');
  },

  async 'which statement was refused'(host) {
    for (const [at, count] of [[0, 1], [0, 9], [3, 9], [8, 9]]) {
      const upgrade = Array.from({ length: count }, (_, n) => (n === at ? 'INSERT INTO nowhere VALUES (1)' : `CREATE TABLE t${n} (x)`));
      const error = await rejected(() => open(host.driver, [revision(1, [], upgrade)]), `statement ${at} of ${count} is wrong`);
      equal(error.statement, 'INSERT INTO nowhere VALUES (1)', 'statement');
      equal(await tables(host), [], 'tables');
    }
  },

  async 'edited-revision'(host) {
    await open(host.driver, [revision(1, [], [A])]);
    const error = await rejected(() => open(host.driver, [revision(1, [], ['CREATE TABLE a (x, y)'])]), 'it was edited');
    equal(error.code, 'edited-revision', 'code');
  },

  async 'whitespace-edit'(host) {
    await open(host.driver, [revision(1, [], [A])]);
    await open(host.driver, [revision(1, [], ['-- note\r\nCREATE  TABLE a(x)'])]);
  },

  async 'newer-database'(host) {
    await open(host.driver, [revision(1, [], [A]), revision(2, [1], [B])]);
    await rejected(() => open(host.driver, [revision(1, [], [A])]), 'the database has a revision that is not there');
    equal(await tables(host), ['a', 'b'], 'tables');
  },

  async 'older-branch'(host) {
    const first = [revision(0, [], []), revision(2, [0], [B])];
    await open(host.driver, first);
    await open(host.driver, [...first, revision(1, [0], [A]), revision(3, [1, 2], [])]);
    equal(await tables(host), ['a', 'b'], 'tables');
  },

  async 'two-heads'(host) {
    const error = await rejected(() => open(host.driver, [revision(0, [], []), revision(1, [0], [A]), revision(2, [0], [B])]), 'two heads');
    equal(error.code, 'multiple-heads', 'code');
    equal(await tables(host), [], 'tables');
  },

  async 'downgrade-base'(host) {
    const revisions = [revision(1, [], [A], ['DROP TABLE a']), revision(2, [1], [B], ['DROP TABLE b'])];
    const database = await open(host.driver, revisions);
    equal(await database.downgrade('base'), 2, 'taken back');
    equal(await tables(host), [], 'tables');
    equal(await database.current(), [], 'current');
  },

  async 'splitting of statements'(host) {
    const sql = `CREATE TABLE s (id INTEGER PRIMARY KEY, v TEXT DEFAULT 'a;b');
      -- a comment; with a semicolon
      CREATE TABLE log (v) /* ; */;
      CREATE TRIGGER tr AFTER INSERT ON s BEGIN
        INSERT INTO log VALUES (CASE WHEN NEW.v IS NULL THEN 'none' ELSE NEW.v END);
        UPDATE s SET v = CASE WHEN id = 1 THEN v || ';' ELSE v END WHERE id = NEW.id;
      END;
      INSERT INTO s (id) VALUES (1);
      INSERT INTO s VALUES (2, 'it''s; END;'), (3, NULL);
      CREATE VIEW "odd;name" AS SELECT CASE id WHEN 1 THEN 'one;' END AS one FROM s;`;
    await open(host.driver, [revision(1, [], [sql.replaceAll('\n', '\r\n')])]);
    equal(await host.rows('SELECT id, v FROM s ORDER BY id'), [[1, 'a;b;'], [2, "it's; END;"], [3, null]], 'rows');
    equal(await host.rows('SELECT v FROM log ORDER BY rowid'), [['a;b'], ["it's; END;"], ['none']], 'what the trigger wrote');
    equal(await host.rows('SELECT one FROM "odd;name" ORDER BY one'), [[null], [null], ['one;']], 'the view');
  },

  async 'a violation that is deferred to the end'(host) {
    const first = revision(1, [], ['CREATE TABLE p (id INTEGER PRIMARY KEY)', 'CREATE TABLE c (p REFERENCES p DEFERRABLE INITIALLY DEFERRED)']);
    await open(host.driver, [first]);
    await host.rows('INSERT INTO p VALUES (1)');
    await rejected(() => open(host.driver, [first, revision(2, [1], ['INSERT INTO c VALUES (1), (2)', B])]), 'there is no 2');
    equal(await tables(host), ['c', 'p'], 'tables');
    equal(await host.rows('SELECT * FROM p'), [[1]], 'what the application wrote before');
    const repaid = revision(2, [1], ['INSERT INTO c VALUES (1), (2)', 'INSERT INTO p VALUES (2)']);
    const database = await open(host.driver, [first, repaid]);
    equal(await database.current(), [repaid.id], 'current');
  },

  async 'again at head'(host) {
    const revisions = [revision(1, [], [A]), revision(2, [1], [B])];
    const database = await open(host.driver, revisions);
    equal(await database.upgrade(), 0, 'applied');
    equal(await database.current(), [id(2)], 'current');
  },
};
