"""The way of a reading, from the broker to the store. The steps in order:

1. `intake` receives a batch of messages from the subscriber, and decides on each:
2. `redelivery` recognises duplicates,
3. `quota` drops or delays the surplus of a booth,
4. `decode` turns a message into a reading or, with `rejections`, into a rejection with its reason;
   `full_validation` reads what its quick validator rejects, `status` the states of devices,
   `translate` turns one in a maker's dialect (`hub.dialects`) into readings, `fence` unforeseen
   errors into rejections,
5. `committer` commits the batch to the `outbox`, on disk, and acknowledges it,
6. `feedback` publishes rejections and receipts to the devices, `hub.live` updates the viewers,
7. `drain` moves waiting readings from the outbox into the store,
8. `selfstats` writes the hub's own counters beside the readings.
"""
