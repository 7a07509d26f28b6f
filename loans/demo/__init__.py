"""The fund of the demo, told day by day as its threads come: the fund itself, each application with its loan or
guarantee, and the aid that they give.

A thread is a generator: it yields the day on which what follows happens.
"""

import datetime
import heapq

from centrum.kit import clock
from loans.demo import aid, fund, guarantees, history, lending


def tell(demo):
    threads = [
        fund.tell(demo),
        fund.looked(demo),
        fund.months(demo),
        lending.committee(demo),
        *guarantees.threads(demo),
        *aid.threads(demo),
        *history.threads(demo),
    ]
    waiting = [(next(thread), number) for number, thread in enumerate(threads)]
    heapq.heapify(waiting)
    moment = demo.moment(waiting[0][0])
    while waiting:
        day, number = heapq.heappop(waiting)
        moment = max(demo.moment(day), moment + datetime.timedelta(minutes=5))
        with clock.at(moment):
            following = next(threads[number], None)
        if following:
            heapq.heappush(waiting, (following, number))
    aid.rate_of_today(demo)  # for whoever looks at the demo and signs something in it
