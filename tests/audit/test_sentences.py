"""Every action that code records has words, and every fact a label."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

from audit import reading, sentences

ROOT = Path(__file__).parents[2]
OURS = [config for config in apps.get_app_configs() if Path(config.path).parent == ROOT]


def calls():
    """Every call of the trail in our code: where, its action's node, its facts' node."""
    for config in OURS:
        for path in sorted(Path(config.path).rglob("*.py")):
            if config.label == "audit" or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and _name(node.func) in ("trail.record", "trail.record_many"):
                    facts = next((word.value for word in node.keywords if word.arg == "facts"), None)
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", path, node.args[0], facts


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
        for where, path, node, _facts in calls()
        for action in actions_at(path, node)
        if action not in sentences.known_actions()
    }

    assert not wordless


def test_every_fact_has_a_label():
    kinds = [model for config in OURS for model in config.get_models()]
    nameless = {
        (where, key.value)
        for where, _path, _node, facts in calls()
        if isinstance(facts, ast.Dict)
        for key in facts.keys
        if isinstance(key, ast.Constant) and key.value != "changes"
        if not any(reading.label_of(kind, key.value) for kind in kinds)
    }

    assert not nameless


def test_an_action_has_one_sentence_and_a_fact_one_label():
    taken = next(iter(sentences.known_actions()))
    with pytest.raises(LookupError):
        sentences.register({taken: "两种说法"})
    with pytest.raises(LookupError):
        sentences.label_facts({"reason": "别的"})
