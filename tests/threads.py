"""Run a function in several threads that begin together; each closes its database connection."""

import threading

from django.db import connection

from centrum.kit.history import author


def at_once(times, function):
    """[result or exception] of `times` calls of `function(number)` that begin at one moment."""
    barrier = threading.Barrier(times)
    results = [None] * times

    def run(number):
        try:
            barrier.wait(timeout=30)
            with author(command="tests"):
                results[number] = function(number)
        except Exception as error:  # handed to the test, which looks at it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
