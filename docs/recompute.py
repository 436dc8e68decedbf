#!/usr/bin/env python3
"""Counts the figures of docs/kpis.md again, from nothing but the extracts.

    recompute.py FOLDER [--from T] [--until T] [--cut T] [--zone UTC] [--by DIMENSION,…] [--kpi KEY,…] [--lists]

FOLDER holds cases, cycles, clocks, segments, contacts, alerts, answers, levers, payments and volumes as .csv, as GET
/api/v1/extracts/{table} gives them. Columns of lengths and verdicts are not read.
Prints JSON: by dimension, value and figure what it counts and comes to; with --lists the cases behind each figure. It
shares no code with the program and uses the standard library alone, so that anybody can check what they are paid by.
"""
import argparse, collections, csv, datetime, fractions, functools, json, math, pathlib, re, sys, zoneinfo

csv.field_size_limit(10**9)
SECOND, DAY = 10**6, 86400 * 10**6  # instants are microseconds since 1970
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MARKED = re.compile("'+[=+@\t\r\n＝＋－＠-]")  # texts that a spreadsheet would take for formulas were given a mark

@functools.lru_cache(maxsize=1 << 20)
def instant(text):
    return (datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH) // datetime.timedelta(microseconds=1) if text else None

class Row:  # a row of a table: texts by name, instants by at(name)
    def __init__(self, cells): self.cells = cells
    def __getattr__(self, name): return self.cells[name]
    def at(self, name): return instant(self.cells[name])
    def int(self, name): return int(self.cells[name] or 0)
    def yes(self, name): return self.cells.get(name) == "true"
def read(folder, name):
    path = pathlib.Path(folder) / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") if path.exists() else open("/dev/null") as file:
        yield from (Row({k: v[1:] if MARKED.match(v) else v for k, v in row.items()}) for row in csv.DictReader(file))

class Case:  # a case with everything that belongs to it
    def __init__(self, row):
        self.row, self.parts, self.repeat = row, collections.defaultdict(list), None
        self.ending = row.ending or row.state if row.state in ("closed", "archived", "withdrawn", "not_accepted", "merged") else ""
        self.received, self.resolved, self.first_resolved, self.reply, self.solution = (row.at(n + "_at") for n in "received resolved first_resolved first_reply first_solution".split())
    def finish(self):
        p, at = self.parts, self.row.at
        p["cycles"].sort(key=lambda c: c.int("cycle"))
        p["levers"].sort(key=lambda l: (l.at("at"), l.int("seq")))
        self.first, last, (self.stays, self.hands) = p["cycles"][0], p["cycles"][-1], stays(p["segments"])
        self.interim, self.kept = self.first.at("interim_at"), earliest(self.solution, self.first.at("interim_at"))
        self.over = (at("closed_at") or last.at("ended_at") or at("archived_at") or max(at("updated_at"), self.received)) if self.ending else None
    def waited(self, reasons, since, until):  # how long it waited for one of these things between two instants
        return sum(overlap(s, since, until) for s in self.parts["segments"] if s.kind == "paused" and s.pause in reasons)
def earliest(*instants): return min((t for t in instants if t is not None), default=None)
def overlap(s, since, until): return max(0, min(until, s.at("until")) - max(since, s.at("from")))
def done(at, cut): return at is not None and at <= cut
def stays(segments):  # unbroken whiles in one department's hands, and how often one department gave it to another
    found, hands = [], 0
    for s in segments:
        one = {"department": s.department, "person": s.person, "from": s.at("from"), "until": s.at("until"), "ended": s.at("ended_at"),
               "cycle": s.cycle, "net": s.at("until") - s.at("from") if s.kind == "open" else 0}
        last = found[-1] if found else None
        if last and last["department"] == s.department and last["until"] == one["from"]:
            last.update(person=one["person"], until=one["until"], ended=one["ended"], net=last["net"] + one["net"])
            continue
        hands += bool(last and last["department"] and s.department and last["department"] != s.department)
        found.append(one)
    return found, hands

FEEDBACK, HANDLING = {"waiting_for_customer"}, {"waiting_for_customer", "waiting_for_others"}  # what their clocks wait for
def by_bound(ended, bound, cut):  # a clock: running and not due it says nothing; met at its bound is met
    if done(ended, cut):
        return bound is None or ended <= bound
    return False if bound is not None and cut > bound else None
def bound(cycle, clock, unpaused=True): return unpaused and cycle.at(f"{clock}_unpaused_limit_at") or cycle.at(f"{clock}_limit_at")
def again(cycle, clock, cut):  # a clock of a later cycle: one that was cancelled before its bound says nothing
    limit, ended = bound(cycle, clock), cycle.at(f"{clock}_ended_at")
    cancelled = cycle.cells[f"{clock}_end"] == "cancelled"
    if limit is None or cancelled and done(ended, cut) and ended <= limit:
        return None
    return by_bound(None if cancelled else ended, limit, cut)
def missing(case, cycle):  # the required steps that a cycle lacks
    at, row = cycle.at, case.row
    late = lambda step, owed: owed is not None and (step is None or step > owed)
    end = earliest(at("resolved_at"), at("ended_at"), row.at("updated_at"))
    words = sorted({at("began_at"), end} | {c.at("at") for c in case.parts["contacts"] if c.cycle == cycle.cycle and c.at("at") < end})
    waited = lambda since, until: sum(overlap(s, since, until) for s in case.parts["segments"] if s.pause != "waiting_for_customer")
    return {step for step, lacks in {
        "contact": late(at("contact_at"), earliest(at("proposed_at"), at("solution_at"))) and at("settled_at") is None,
        "minutes": late(at("minutes_at"), at("approved_at")),
        "progress": any(waited(since, until) > 3 * DAY for since, until in zip(words, words[1:])),
        "result": (at("result_told_at") or at("closed_at")) is not None and at("complete_at") is None,
        "callback": late(earliest(at("called_at"), at("confirmed_at")), at("closed_at")) and not row.yes("anonymous") and not row.yes("adopted"),
    }.items() if lacks}

# Whom a figure looks at: neither withdrawn nor refused; all but merged; all. Never a mystery shopper.
def quality(c): return c.ending not in ("merged", "withdrawn", "not_accepted")
def received(c): return c.ending != "merged"
def recorded(c): return True
VOLUMES = {"units": "complaint_rate", "orders": "complaint_rate_orders", "customers": "complaint_rate_customers"}
LEVERS = "interim pause extension downgrade backdating refusal merge transfer attribution hand_close rework".split()

def measures(cut):
    """Every figure: key → (whom, what is counted, whose, sort, judge). A judge says True or False of a rate, a number of
    anything else, a triple (hit, part, whole) where items weigh, and None of what does not count."""
    m = {}
    def rate(key, whom, whose, judge, sort="rate"): m[key] = (whom, "cases", whose, sort, judge)
    def took(key, whose, ended, waits):
        rate(key, quality, whose, lambda c: ended(c) - c.received if done(ended(c), cut) else None, "time")
        rate(key + "_net", quality, whose, lambda c: max(0, ended(c) - c.received - waits(c)) if done(ended(c), cut) else None, "time")
    limit = lambda c: c.row.at("response_limit_at")
    rate("first_response_rate", quality, "response", lambda c: by_bound(c.reply, limit(c), cut))
    rate("first_response_target_rate", quality, "response", lambda c: by_bound(c.reply, earliest(limit(c), c.row.at("response_target_at")), cut))
    feedback = lambda c: by_bound(c.kept, bound(c.first, "feedback"), cut)
    rate("feedback_rate", quality, "feedback", feedback)
    rate("feedback_interim_share", quality, "feedback", lambda c: feedback(c) and c.interim is not None)
    rate("feedback_rate_net", quality, "feedback", lambda c: by_bound(c.kept, bound(c.first, "feedback", False), cut))
    for key, clock in (("feedback_rate_later", "feedback"), ("timely_rate_later", "handling")):
        m[key] = (quality, "later", clock, "rate", lambda c, y, clock=clock: again(y, clock, cut))
    in_time = lambda c, b: done(c.first_resolved, cut) and (b is None or c.first_resolved <= b)
    due = lambda c: bound(c.first, "handling")
    rate("timely_rate", quality, "handling", lambda c: in_time(c, due(c)))
    rate("timely_rate_due", quality, "handling", lambda c: by_bound(c.first_resolved, due(c), cut))
    rate("timely_rate_resolved", quality, "handling", lambda c: in_time(c, due(c)) if done(c.first_resolved, cut) else None)
    rate("timely_rate_net", quality, "handling", lambda c: in_time(c, bound(c.first, "handling", False)))
    rate("resolution_rate", quality, "handling", lambda c: done(c.resolved, cut))
    good = lambda c: any(done(a.at("answered_at"), cut) and a.int("result") >= 4 for a in c.parts["answers"] if a.cycle == c.row.cycle)
    rate("success_rate", quality, "handling", lambda c: done(c.resolved, cut) and good(c))
    rate("completion_rate", quality, "now", lambda c: done(c.resolved, cut) if done(c.row.at("first_accepted_at"), cut) else None)
    rate("response_rate", quality, "response", lambda c: done(c.reply, cut))
    rate("open_rate", received, "now", lambda c: not (done(c.over, cut) or any(  # closed, and taken up again behind the cut:
        done(a.at("closed_at"), cut) and a.at("closed_at") < b.at("began_at") > cut for a, b in zip(c.parts["cycles"], c.parts["cycles"][1:]))))
    rate("flow_ratio", received, "now", None, "flow")
    score = lambda name: lambda c, a: a.int(name) >= 4 if a.int(name) and done(a.at("answered_at"), cut) else None
    for key, name in (("csat", "result"), ("process_csat", "process"), ("speed_csat", "speed"), ("attitude_csat", "attitude"), ("csat_composite", "result")):
        m[key] = (quality, "answers", "handling", "composite" if key == "csat_composite" else "rate", score(name))
    def weighted(c, a):
        good, weight = score("result")(c, a), 8 if a.result in ("1", "5") else 10
        return None if good is None else (good, weight * good, weight)
    m["csat_weighted"] = (quality, "answers", "handling", "weight", weighted)
    m["nps"] = (quality, "answers", "handling", "nps", lambda c, a: (int(a.recommend) >= 9, (int(a.recommend) >= 9) - (int(a.recommend) <= 6), 1)
                if a.recommend and done(a.at("answered_at"), cut) else None)
    m["answer_rate"] = (quality, "answers", "handling", "rate", lambda c, a: done(a.at("answered_at"), cut) if done(a.at("offered_at"), cut) else None)
    took("time_to_first_response", "response", lambda c: c.reply, lambda c: 0)
    took("time_to_solution", "feedback", lambda c: c.solution, lambda c: c.waited(FEEDBACK, c.received, c.first.at("feedback_ended_at") or c.solution))
    took("resolution_time", "handling", lambda c: c.first_resolved, lambda c: c.waited(HANDLING, c.received, c.first_resolved))
    took("closing_time", "now", lambda c: c.row.at("closed_at"), lambda c: c.waited(HANDLING, 0, cut))
    took("total_time", "now", lambda c: c.resolved, lambda c: c.waited(HANDLING, 0, cut))
    came = lambda c: done(c.repeat, cut) and c.repeat <= c.resolved + 30 * DAY
    settled = lambda c: c.first.at("settled_at") is not None and c.row.int("reworks") == 0 and not came(c)
    for key, judge in (("fcr", settled), ("recurrence_rate", came)):
        rate(key, quality, "handling", lambda c, judge=judge: judge(c) if done(c.resolved, cut) else None)
        rate(key + "_mature", quality, "handling", lambda c, judge=judge: judge(c) if c.resolved is not None and cut > c.resolved + 30 * DAY else None)
    rate("repeat_complaint_rate", received, "now", lambda c: c.row.customer or None, "customers")
    rate("acceptance_rate", quality, "now", lambda c: done(c.row.at("first_accepted_at"), cut) if done(c.row.at("first_dispatched_at"), cut) else None)
    for key, whom, whose, column in (("return_rate", received, "now", "returns"), ("transfer_rate", received, "now", "transfers"),
                                     ("rework_rate", quality, "handling", "reworks"), ("urge_rate", received, "now", "urges")):
        rate(key, whom, whose, lambda c, column=column: c.row.int(column) > 0)
        rate(column, whom, "now", lambda c, column=column: c.row.int(column), "count")
    stamped = lambda c, a: c.row.yes("adopted") and a.yes("superseded") and a.at("due_at") < c.row.at("recorded_at")  # before it was ours
    rate("escalation_rate", received, "now", lambda c: any(not stamped(c, a) for a in c.parts["alerts"]))
    rate("alerts", received, "now", lambda c: sum(not a.yes("superseded") for a in c.parts["alerts"]), "count")
    rate("hand_overs", received, "now", lambda c: c.hands, "count")
    rate("received", received, "now", lambda c: 1, "count")
    for key in VOLUMES.values():
        rate(key, received, "now", lambda c: c, "volume")
    for key, end, whom in (("withdrawn_rate", "withdrawn", received), ("not_accepted_rate", "not_accepted", received), ("merge_rate", "merged", recorded)):
        rate(key, whom, "now", lambda c, end=end: c.ending == end)
    rate("interim_rate", received, "feedback", lambda c: c.interim is not None)
    waits = lambda c: c.waited(HANDLING, c.received, c.first_resolved)
    rate("pause_share", quality, "handling", lambda c: (waits(c) > 0, waits(c), max(0, c.first_resolved - c.received)) if done(c.first_resolved, cut) else None, "weight")
    late = lambda c: any(r.at(b) is not None for r in c.parts["clocks"] if r.clock != "survey" for b in ("target_passed_at", "limit_passed_at"))
    lacks = functools.lru_cache(None)(lambda c: set().union(*(missing(c, y) for y in c.parts["cycles"])))
    rate("deviation_rate", received, "now", lambda c: bool(lacks(c)) or late(c))
    for step in ("contact", "minutes", "progress", "result", "callback"):
        rate("deviation_" + step, received, "now", lambda c, step=step: step in lacks(c))
    rate("deviation_late", received, "now", late)
    def acknowledged(c, a):
        by, ended = a.at("ack_by"), a.at("ended_at")
        if done(a.at("acknowledged_at"), cut):
            return a.at("acknowledged_at") <= by
        return None if done(ended, cut) and ended <= by or cut <= by else False
    m["acknowledge_rate"] = (received, "asking", "item", "rate", acknowledged)
    m["ack_time"] = (received, "asking", "item", "time", lambda c, a: max(0, a.at("acknowledged_at") - a.at("fired_at")) if done(a.at("acknowledged_at"), cut) else None)
    for key, held in (("department_time", lambda s: s["net"]), ("department_time_gross", lambda s: s["ended"] - s["from"])):
        m[key] = (received, "stays", "item", "time", lambda c, s, held=held: held(s) if done(s["ended"], cut) else None)
    paid = lambda given: (given[0].currency, sum(p.int("minor") for p in given if p.currency == given[0].currency)) if given else None
    rate("compensation_cost", received, "now", lambda c: paid(c.parts["payments"]), "money")
    bell = lambda l: l.at("bound") is not None and l.at("at") >= l.at("bound") - (l.at("bound") - l.at("since")) // 10
    for kind in LEVERS:
        rate("lever_" + kind, recorded, "lever " + kind, lambda c, kind=kind: any(l.kind == kind and done(l.at("at"), cut) for l in c.parts["levers"]))
        m[f"lever_{kind}_bell"] = (recorded, "levers", "item", "rate", lambda c, l, kind=kind: bell(l) if l.kind == kind and done(l.at("at"), cut) else None)
    return m

def items(case, of):  # the things of a case that a figure counts, each with its cycle
    p, now = case.parts, case.row.cycle
    return {"cases": lambda: [(None, now)], "later": lambda: [(y, y.cycle) for y in p["cycles"] if y.cycle != "1"],
            "answers": lambda: [(a, a.cycle) for a in p["answers"]], "levers": lambda: [(l, l.cycle) for l in p["levers"]],
            "asking": lambda: [(a, now) for a in p["alerts"] if a.ack_by and not a.yes("superseded")],
            "stays": lambda: [(s, s["cycle"]) for s in case.stays]}[of]()
def owner(case, whose, item, cut):  # whose department and person an item counts for
    now = case.row.department, case.row.assignee
    if whose == "item":
        cells = item if isinstance(item, dict) else item.cells
        return cells["department"], cells["person"] if "person" in cells else cells["assignee"]
    if whose.startswith("lever "):
        used = [l for l in case.parts["levers"] if l.kind == whose[6:] and done(l.at("at"), cut)]
        return (used[-1].department, used[-1].person) if used else now
    if whose == "now":
        return now
    cycle = case.first if item is None else next(y for y in case.parts["cycles"] if y.cycle == item.cycle)
    found = cycle.cells[whose + "_department"], cycle.cells[whose + "_person"]
    decided = any(found) or cycle.cells[whose + "_ended_at"] or cycle.cells[whose + "_end"] == "breached"
    return found if cycle.cells[whose + "_started_at"] and decided else now
def value_of(case, by, who, cycle, zone):  # the value that a dimension has for an item
    if by in ("weekday", "hour"):
        local = (EPOCH + datetime.timedelta(microseconds=case.received)).astimezone(zone)
        return str(local.isoweekday() if by == "weekday" else local.hour)
    own = {"": "", "department": who[0], "person": who[1], "cycle": cycle, "ending": case.ending,
           "anonymous": "yes" if case.row.yes("anonymous") else "no", "adopted": "yes" if case.row.yes("adopted") else "no"}
    return own[by] if by in own else getattr(case.row, by)

def stats(v, scale):  # quantiles by nearest rank; the median of an even number is the mean of the two in the middle
    v, n, near = sorted(v), len(v), lambda over, under: float(fractions.Fraction(over, under))
    total, squares, rank = sum(v), sum(x * x for x in v), lambda p: v[max(-(-p * n // 100), 1) - 1] / scale
    return {"mean": near(total, n * scale), "sd": math.sqrt(near(n * squares - total * total, n * (n - 1))) / scale if n > 1 else 0,
            "min": v[0] / scale, "max": v[-1] / scale, "median": rank(50) if n % 2 else (v[n // 2 - 1] + v[n // 2]) / (2 * scale),
            "p90": rank(90), "sum": near(total, scale)}
def share(n, hits, part, whole): return {"n": n, "hits": hits, "numerator": part, "denominator": whole, "value": part / whole if whole else None}
def covered(of, cases, product=None):  # those received while a volume was known: of all products together, or of their own
    general = product is None and "" in of  # whoever asks by product is told by product
    return [c for c in cases if any(since <= c.received < until for since, until, _ in of["" if general else c.row.product or None])]
def per_volume(of, cases, product):  # complaints against the business that there was
    n = len(covered(of, cases, product))
    names = [""] if product is None and "" in of else [p for p in of if p and product in (None, p)]
    return share(n, n, n, sum(count for p in names for _, _, count in of[p]))
def total(sort, got):  # what the judged items of one figure come to
    n = len(got)
    if sort == "money":
        return {"n": n, "hits": n, "money": {k: sum(g[1] for g in got if g[0] == k) for k in {g[0] for g in got}}}
    if sort in ("time", "count"):
        s = stats(got, SECOND if sort == "time" else 1)
        return {"n": n, "hits": n, "value": s["sum" if sort == "count" else "mean"], "stats": s}
    if sort == "customers":
        got = [times > 1 for times in collections.Counter(got).values()]
    if sort == "flow":
        return share(got.count("came"), got.count("went"), got.count("went"), got.count("came"))
    hits = sum(g[0] if isinstance(g, tuple) else g for g in got)
    part, whole = (sum(g[1] for g in got), sum(g[2] for g in got)) if sort in ("weight", "nps") else (hits, len(got))
    said = share(len(got), hits, part, whole)
    if sort in ("nps", "composite"):  # the composite needs inspections, too
        said["value"] = 100 * said["value"] if sort == "nps" and whole else None
    return said

def judged(case, sort, judge, item, period, cut):  # what one item says of a figure: a list of nothing, or of one thing
    if sort == "flow":
        return ["came"] * period(case.received) + ["went"] * (done(case.first_resolved, cut) and period(case.first_resolved))
    got = None if not period(case.received) else judge(case) if item is None else judge(case, item)
    return [] if got is None else [got]
def load(folder):
    cases = {row.number: Case(row) for row in read(folder, "cases")}
    for name in ("cycles", "clocks", "segments", "contacts", "alerts", "answers", "levers", "payments"):
        for row in read(folder, name):
            cases[row.number].parts[name].append(row)
    cases = [c for c in cases.values() if not c.row.yes("mystery_shopper")]
    cases = [c for c in cases if not c.row.yes("sample")] or cases  # samples count while there is nothing else
    known = collections.defaultdict(list)
    for c in cases:
        c.finish()
        known[c.row.customer, c.row.category].append(c)
    for c in cases:
        if c.resolved is not None and c.row.customer:
            others = (o.received for o in known[c.row.customer, c.row.category] if o is not c and o.ending != "merged")
            c.repeat = min((at for at in others if at > c.resolved), default=None)
    return cases

def main():
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, usual in (("folder", None), ("--from", ""), ("--until", ""), ("--cut", ""), ("--by", ""), ("--kpi", ""), ("--zone", "UTC")):
        ask.add_argument(name, default=usual)
    ask.add_argument("--lists", action="store_true")
    a = ask.parse_args()
    now = datetime.datetime.now(datetime.timezone.utc).isoformat()
    cut, since, until = instant(a.cut or now), instant(getattr(a, "from")) or -10**18, instant(a.until or now)
    zone, found, behind = zoneinfo.ZoneInfo(a.zone), collections.defaultdict(list), collections.defaultdict(list)
    figures = {k: v for k, v in measures(cut).items() if not a.kpi or k in a.kpi.split(",")}
    volumes = collections.defaultdict(lambda: collections.defaultdict(list))
    for v in read(a.folder, "volumes"):
        if since <= v.at("from") and v.at("until") <= until:  # what lies wholly in the period
            volumes[VOLUMES[v.kind]][v.product].append((v.at("from"), v.at("until"), v.int("count")))
    for case in (c for c in load(a.folder) if c.received <= cut):
        for key, (whom, of, whose, sort, judge) in figures.items():
            for item, cycle in items(case, of) if whom(case) else ():
                got = judged(case, sort, judge, item, lambda at: since <= at < until, cut)
                who = owner(case, whose, item, cut) if got else None
                for by in a.by.split(",") if got else ():
                    found[by, value_of(case, by, who, cycle, zone), key] += got
                behind[key] += [[case.row.number, int(cycle), bool(g[0] if isinstance(g, tuple) else g is not False)]
                                for g in (covered(volumes[key], got) if sort == "volume" else got)]
    answer = collections.defaultdict(lambda: collections.defaultdict(dict))
    for (by, value, key), got in found.items():
        sort = figures[key][3]
        answer[by][value][key] = per_volume(volumes[key], got, value if by == "product" else None) if sort == "volume" else total(sort, got)
    json.dump(behind if a.lists else answer, sys.stdout, ensure_ascii=False, sort_keys=True)

if __name__ == "__main__":
    main()
