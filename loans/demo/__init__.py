"""The loan fund of the demo, told day by day as its threads come: the fund itself, and each application with its loan.

A thread is a generator: it yields the day on which what follows happens.
"""

import datetime
import heapq

from centrum.kit import clock
from loans.demo import fund, history, lending


def tell(demo):
    threads = [fund.tell(demo), fund.looked(demo), fund.months(demo), lending.committee(demo), *history.threads(demo)]
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
