"""A read-out of lifetime counters of one pack with one module: format it with year and serial."""

READOUT = """Data retrieved: 04/03/{year} @ 06:13:30,,
Mfg Data (ASCII): PACK-7...,,
<Battery Current (A)>,,
,< 0,>= 0,,TOTAL
 ,1,2,,3
MODULE 1,,
Mfg Data (ASCII): {serial}...,,
<Cell Voltages (V)>,,
,< 2.0,>= 2.0,,TOTAL
CELL 1,0,9,,9
"""
