"""Every action that code records has words, and every fact a label."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

from audit import reading, sentences
from audit.models import Entry
from cells.domain import previews
from tests.cast import TODAY

ROOT = Path(__file__).parents[2]
OURS = [config for config in apps.get_app_configs() if Path(config.path).parent == ROOT]


def calls():
    """Every call of the trail in our code: where, its module and function, its action's and facts' nodes."""
    for config in OURS:
        for path in sorted(Path(config.path).rglob("*.py")):
            if config.label == "audit" or "migrations" in path.parts:
                continue
            for function in functions_of(path):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and _name(node.func) in ("trail.record", "trail.record_many"):
                        facts = next((word.value for word in node.keywords if word.arg == "facts"), None)
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", path, function, node.args[0], facts


def functions_of(path):
    """The functions and methods of a module; those inside others belong to them."""
    tree = ast.parse(path.read_text())
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    return [node for body in bodies for node in body if isinstance(node, ast.FunctionDef)]


def _name(node):
    return f"{_name(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def actions_at(path, node):
    """The actions a call may record: a constant, one of several, or any constant of the module that reads like one."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return actions_at(path, node.body) | actions_at(path, node.orelse)
    app = path.relative_to(ROOT).parts[0]
    constants = {part.value for part in ast.walk(ast.parse(path.read_text())) if isinstance(part, ast.Constant)}
    return {value for value in constants if isinstance(value, str) and value.startswith(f"{app}.") and " " not in value}


def test_every_recorded_action_has_a_sentence():
    wordless = {
        (where, action)
        for where, path, _function, node, _facts in calls()
        for action in actions_at(path, node)
        if action not in sentences.known_actions()
    }

    assert not wordless


def keys_of(node, function, path, seen=()):
    """The constant keys of the dictionaries an expression is made of, followed through its module."""
    keys = set()
    if isinstance(node, ast.Dict):
        keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
        parts = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
    elif isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
    elif isinstance(node, ast.IfExp | ast.Lambda):
        parts = [node.body, getattr(node, "orelse", None)]
    elif isinstance(node, ast.Name) and node.id not in seen:
        keys, parts = given_to(node.id, function, path)
        seen = (*seen, node.id)
    elif isinstance(node, ast.Call) and _name(node.func) not in seen:
        called = [one for one in functions_of(path) if one.name == _name(node.func)]
        returned = [(part.value, one) for one in called for part in ast.walk(one) if isinstance(part, ast.Return)]
        return set().union(*(keys_of(part, one, path, (*seen, one.name)) for part, one in returned))
    else:
        return keys
    return keys.union(*(keys_of(part, function, path, seen) for part in parts))


def given_to(name, function, path):
    """What a function's variable holds: keys put in one by one or handed over as keywords, and expressions."""
    keys, parts = set(), []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            for target in getattr(node, "targets", None) or [node.target]:
                if _name(target) == name:
                    parts.append(node.value)
                elif isinstance(target, ast.Subscript) and _name(target.value) == name:
                    keys |= {part.value for part in [target.slice] if isinstance(part, ast.Constant)}
    if function.args.kwarg and function.args.kwarg.arg == name:
        own = {arg.arg for arg in (*function.args.args, *function.args.kwonlyargs)}
        callers = (node for one in functions_of(path) for node in ast.walk(one) if isinstance(node, ast.Call))
        keys |= {word.arg for node in callers if _name(node.func) == function.name for word in node.keywords} - own
    return keys, parts


def test_every_fact_has_a_label():
    kinds = [model for config in OURS for model in config.get_models()]
    keys = {
        (where, key)
        for where, path, function, _node, facts in calls()
        for key in keys_of(facts, function, path)
        if isinstance(key, str) and key != "changes"
    }

    assert {"ref", "checked", "minutes"} <= {key for _where, key in keys}
    assert not {(where, key) for where, key in keys if not any(reading.label_of(kind, key) for kind in kinds)}


@pytest.mark.django_db
def test_an_office_reads_in_words_wherever_it_is_told(party):
    previews.begin(party.yunshan, office="secretary", by=party.staff, on=TODAY)

    assert ("职务", "书记") in reading.read(Entry.objects.did("cells.preview_begun").get()).facts


def test_an_action_has_one_sentence_and_a_fact_one_label():
    taken = next(iter(sentences.known_actions()))
    with pytest.raises(LookupError):
        sentences.register({taken: "两种说法"})
    with pytest.raises(LookupError):
        sentences.label_facts({"reason": "别的"})
