"""What a walk says of each resource once it has ended, or was stopped."""

from reconciler.apply.executor import Executor, Later, Silent
from reconciler.apply.waiting import SANDBOX
from reconciler.apply.walk import Walk
from reconciler.plan.planner import plan
from reconciler.result import Fate
from reconciler.run import order
from reconciler.stop import Stop
from tests.shop import resource


def test_what_was_under_way_when_the_run_was_stopped_is_not_called_untried(estate):
    made = estate(resource("shop.store/near"), resource("shop.store/web"))
    graph = order(made)
    walk = Walk(made, graph, plan(made, graph, set(made.resources)), [], SANDBOX, Silent(), Stop())

    def visit(node):
        walk._visit(node)
        executor.stop("enough")
        return Later(60, "AWS")

    executor = Executor(walk.graph, visit, lambda node: "one at a time", threads=1)
    executor.run()
    became = walk.outcomes(executor)
    assert became["shop.store/near"].fate is Fate.FAILED
    assert "the next run goes on from there" in became["shop.store/near"].error
    assert became["shop.store/web"].fate is Fate.SKIPPED
    assert became["shop.store/web"].error == "the run was stopped before its turn"
