"""The way of a reading, from the broker to the store. The steps in order:

1. `intake` takes a batch of messages from the subscriber, and decides on each:
2. `redelivery` recognises what was kept before,
3. `quota` sorts out what is above its booth's quota,
4. `decode` turns a message into a reading or, with `rejections`, into a rejection with its reason;
   `fence` makes a rejection of what it did not foresee,
5. `committer` commits the batch to the `outbox`, on disk, and acknowledges it,
6. `feedback` publishes rejections and receipts to the devices, `hub.live` shows what is new,
7. `drain` moves what waits in the outbox into the store,
8. `selfstats` writes the hub's own counters beside the readings.
"""
