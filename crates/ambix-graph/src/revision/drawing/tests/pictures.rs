//! One picture a topology.

use super::picture;

#[test]
fn a_straight_line() {
    picture(
        "a:, b: a, c: b",
        "
    ○  c
    ○  b
    ○  a
",
    );
}

#[test]
fn two_heads() {
    picture(
        "a:, b: a, c: a, d: b",
        "
    ○    c
    │ ○  d
    │ ○  b
    ├─╯
    ○    a
",
    );
}

#[test]
fn two_bases_that_meet() {
    picture(
        "a:, b: a, x:, m: b x, y: x",
        "
    ○    m
    ├─╮
    ○ │  b
    ○ │  a
      │
    ○ │  y
    ├─╯
    ○    x
",
    );
}

#[test]
fn a_branch_and_its_merge() {
    picture(
        "a:, b: a, c: a, m: b c, n: m",
        "
    ○    n
    ○    m
    ├─╮
    ○ │  b
    │ ○  c
    ├─╯
    ○    a
",
    );
}

#[test]
fn a_merge_of_three() {
    picture(
        "a:, b: a, c: a, d: a, m: b c d",
        "
    ○      m
    ├─┬─╮
    ○ │ │  b
    │ ○ │  c
    ├─╯ │
    │   ○  d
    ├───╯
    ○      a
",
    );
}

#[test]
fn branches_within_branches() {
    picture(
        "a:, b: a, c: b, d: b, e: c d, f: a, g: e f, h: g",
        "
    ○      h
    ○      g
    ├─╮
    ○ │    e
    ├─┼─╮
    ○ │ │  c
    │ │ ○  d
    ├─┼─╯
    │ ○    f
    ○ │    b
    ├─╯
    ○      a
",
    );
}

#[test]
fn merges_that_cross() {
    picture(
        "r:, a: r, b: r, m: a b, n: a b",
        "
    ○      m
    ├─╮
    │ │ ○  n
    │ ├─┤
    ├─┼─╯
    ○ │    a
    │ ○    b
    ├─╯
    ○      r
",
    );
}

#[test]
fn merges_that_cross_and_are_merged() {
    picture(
        "r:, a: r, b: r, m: a b, n: a b, o: m n",
        "
    ○      o
    ├─╮
    ○ │    m
    ├─┼─╮
    │ ○ │  n
    ├─┤ │
    │ ├─╯
    ○ │    a
    │ ○    b
    ├─╯
    ○      r
",
    );
}

#[test]
fn a_long_branch_that_is_merged_late() {
    picture(
        "a:, b: a, l: a, c: b, d: c, e: d, m: e l, n: m",
        "
    ○    n
    ○    m
    ├─╮
    ○ │  e
    ○ │  d
    ○ │  c
    ○ │  b
    │ ○  l
    ├─╯
    ○    a
",
    );
}

#[test]
fn a_dependency_on_another_base() {
    picture(
        "a:, b: a | x, c: b, x:, y: x, z: y",
        "
    ○    c
    ○    b
    ├╌╮
    ○ ╎  a
      ╎
    ○ ╎  z
    ○ ╎  y
    ├╌╯
    ○    x
",
    );
}

#[test]
fn a_dependency_on_an_ancestor() {
    picture(
        "a:, b: a, c: b, d: c | a, e: d",
        "
    ○    e
    ○    d
    ├╌╮
    ○ ╎  c
    ○ ╎  b
    ├╌╯
    ○    a
",
    );
}

#[test]
fn a_dependency_right_below() {
    picture(
        "a:, b: a, c: a | e, d: c, e: a",
        "
    ○    b
    │ ○  d
    │ ○  c
    ├─┤
    │ ╎
    │ ○  e
    ├─╯
    ○    a
",
    );
}

#[test]
fn a_first_revision_that_only_depends() {
    picture(
        "b: | a, a:",
        "
    ○  b
    ╎
    ○  a
",
    );
}

#[test]
fn a_dependency_beside_another_branch() {
    picture(
        "a:, b: a, x: | b, y: x, c: b",
        "
    ○    y
    ○    x
    ╎ ○  c
    ├─╯
    ○    b
    ○    a
",
    );
}

#[test]
fn a_fan_of_six() {
    picture(
        "a:, b: a, c: a, d: a, e: a, f: a, g: a",
        "
    ○    b
    │ ○  c
    ├─╯
    │ ○  d
    ├─╯
    │ ○  e
    ├─╯
    │ ○  f
    ├─╯
    │ ○  g
    ├─╯
    ○    a
",
    );
}

#[test]
fn a_fan_of_six_and_its_merge() {
    picture(
        "a:, b: a, c: a, d: a, e: a, f: a, g: a, m: b c d e f g",
        "
    ○            m
    ├─┬─┬─┬─┬─╮
    ○ │ │ │ │ │  b
    │ ○ │ │ │ │  c
    ├─╯ │ │ │ │
    │   ○ │ │ │  d
    ├───╯ │ │ │
    │     ○ │ │  e
    ├─────╯ │ │
    │       ○ │  f
    ├───────╯ │
    │         ○  g
    ├─────────╯
    ○            a
",
    );
}

#[test]
fn pieces_that_do_not_touch() {
    picture(
        "b:, d: b, x:, y: x, z:",
        "
    ○  d
    ○  b

    ○  y
    ○  x

    ○  z
",
    );
}

#[test]
fn a_bit_of_everything() {
    picture(
        "a:, b: a, c: b, d: c, e: b, f: e, g: a, h: g, i: d f, j: i h, k: j, l: c | h",
        "
    ○        k
    ○        j
    ├─╮
    ○ │      i
    ├─┼─╮
    ○ │ │    d
    │ │ │ ○  l
    │ ├╌┼╌┤
    ├─┼─┼─╯
    ○ │ │    c
    │ │ ○    f
    │ │ ○    e
    ├─┼─╯
    │ ○      h
    │ ○      g
    ○ │      b
    ├─╯
    ○        a
",
    );
}
