"""How often did each sign show under each cause on simulated racks? Counts, made by `workbench truth --measure-signs`; not to be edited by hand.

Every row: whether the voltage tells the charge everywhere, the cause, its row, how many cells were counted, and per sign how often it was low (l),
normal (n), high (h), there (y) or not there (o). Left out, because their signs were narrowed after this count and stand on judgement until it is made
again: frozen, bled, bleeding where the voltage tells the charge, and pairs of causes; "end of charge" was counted before a cell that lacks less than
0.8 % of charge there was called like the others. All is conditional on the simulator and on the sizes it draws (`simulation.stray_draws`).
"""

from __future__ import annotations

SEEDS = 50  # draws of every row; half of them are counted here, 651 cells of the others set the tempering
TEMPER = 1.12  # signs of one cell are not independent: together they say less than their sum
ROWS: tuple[tuple[bool, str, int, int, str], ...] = (
    (False, "an ordinary cell", 0, 17, "capacity n9; copy o17; end of charge n17; end of discharge l10n5; jumps o17; mid pass n17; module o17; neighbour o17; place l3n8; probe o17; resistance n17; rest n17; trend l1n16; under load n17; warmth n14"),
    (False, "low capacity", 0, 16, "capacity l16; copy o16; end of charge n15; end of discharge l16; jumps y1o13; mid pass n10; module o16; neighbour o16; place l6; probe o16; resistance n15; rest l2n7; trend n14; under load n16; warmth n14"),
    (False, "low state of charge (imbalance)", 0, 12, "capacity n1; copy o12; end of charge l12; end of discharge l11n1; jumps o12; mid pass n12; module o12; neighbour o12; place l8n1; probe o12; resistance n12; rest n12; trend n12; under load n12; warmth n10"),
    (False, "high state of charge (imbalance)", 0, 17, "copy o17; end of charge h17; end of discharge n9; jumps o17; mid pass n17; module o17; neighbour o17; place n7h6; probe o17; resistance n17; rest n16; trend l1n12; under load n17; warmth n15"),
    (False, "self-discharge", 0, 17, "capacity n14; copy o17; end of charge l13n2; end of discharge l5n6; jumps o17; mid pass n17; module y2o15; neighbour o17; place n14; probe o17; resistance n17; rest n17; trend l16; under load n17; warmth n15"),
    (False, "bled by balancing", 0, 16, "capacity n13; copy o16; end of charge l16; end of discharge l10n3; jumps o16; mid pass n16; module y1o15; neighbour y1o15; place l1n12; probe o16; resistance n16; rest n15; trend n14; under load n16; warmth n15"),
    (False, "high resistance of the cell", 0, 16, "capacity n14; copy o16; end of charge n13; end of discharge l1n14; jumps o12; mid pass n16; module o16; neighbour o16; place n13; resistance h16; rest n16; trend n13; under load h16; warmth n12"),
    (False, "loss of a parallel cell", 0, 20, "capacity l19; copy o20; end of charge l2n18; end of discharge l17; jumps y5o11; mid pass l12n2; module o20; place l3; resistance h18; rest l16n1; trend n16; under load h20; warmth n14"),
    (False, "joint or contact", 0, 19, "capacity n19; copy o19; end of charge n8h2; end of discharge l1n17; mid pass n19; module o19; place n18; resistance h19; rest n18; trend n17; under load h19; warmth n17"),
    (False, "channel offset", 0, 19, "capacity n17; copy o19; end of charge n15h2; end of discharge n19; jumps o19; mid pass h19; module y1o18; neighbour o19; place n18; probe o19; resistance n19; rest h19; trend n18; under load n19; warmth n14"),
    (False, "channel offset", 1, 16, "capacity n15; copy o16; end of charge n14; end of discharge n16; jumps o16; mid pass l16; module y2o14; neighbour o16; place n14; probe o16; resistance n16; rest l16; trend n14; under load n16; warmth n13"),
    (False, "channel gain", 0, 17, "capacity n16; copy o17; end of charge n12h4; end of discharge n16; jumps o17; mid pass h17; module y2o15; neighbour o17; place n16; probe o17; resistance n17; rest h17; trend n15; under load n17; warmth n16"),
    (False, "channel gain", 1, 21, "capacity n21; copy o21; end of charge n17; end of discharge n21; jumps o21; mid pass l21; module y1o20; neighbour o21; place n19; probe o21; resistance n21; rest l21; trend n20; under load n21; warmth n19"),
    (False, "frozen or copied channel", 0, 17, "capacity n17; copy o17; end of charge n15; end of discharge n17; jumps o17; mid pass n17; module y1o16; neighbour o17; place n14; probe o17; resistance n17; rest n17; trend n17; under load n17; warmth n15"),
    (False, "frozen or copied channel", 1, 13, "copy y13; end of charge l13; end of discharge l13; jumps o13; mid pass n13; module o13; neighbour o13; place l9n1; probe o13; resistance n13; rest n12; trend l1n9; under load n13; warmth n11"),
    (False, "balancing artefact", 0, 11, "bleeding y11; capacity n10; copy o11; end of charge n9; end of discharge n10; jumps o11; mid pass n11; module o11; neighbour o11; place n9; probe o11; resistance n11; rest n11; trend n11; under load n11; warmth n11"),
    (False, "temperature of its place", 0, 52, "capacity n49; copy o52; end of charge n50; end of discharge n48; jumps o52; mid pass n52; module y52; neighbour o52; place n44; probe o52; resistance n51; rest n52; trend n52; under load l52; warmth h52"),
    (False, "temperature of its place", 1, 96, "capacity n95; copy o96; end of charge n90; end of discharge l1n87; jumps o96; mid pass n96; module y96; neighbour o96; place n88; probe o96; resistance n94; rest n96; trend l1n89; under load h96; warmth l96"),
    (False, "more capacity than its rack", 0, 13, "capacity h13; copy o13; end of charge n12; end of discharge n7; jumps o13; mid pass n13; module y11o2; neighbour o13; place n1h3; probe o13; resistance n13; rest n13; trend n10; under load n13; warmth n10"),
    (True, "an ordinary cell", 0, 28, "capacity n10; copy o28; end of charge n28; end of discharge l12n4; jumps o28; mid pass n28; module o28; neighbour o28; place n20; probe o28; resistance n28; rest n27; trend n28; under load n28; warmth n26"),
    (True, "low capacity", 0, 9, "capacity l9; copy o9; end of charge n9; end of discharge l9; jumps o9; mid pass l2n7; module o9; neighbour o9; place l5n2h2; probe o9; resistance n9; rest l3n3; trend n7; under load n9; warmth n8"),
    (True, "low state of charge (imbalance)", 0, 10, "capacity n2; copy o10; end of charge l10; end of discharge l8n1; jumps o8; mid pass l10; module o10; neighbour o10; place l8n2; probe o10; resistance n10; rest l10; trend n10; under load n10; warmth n10"),
    (True, "high state of charge (imbalance)", 0, 8, "capacity n2; copy o8; end of charge h8; end of discharge n7; jumps o8; mid pass h4; module o8; neighbour o8; place n2h3; probe o8; resistance n8; rest h7; trend n8; under load n7; warmth n7"),
    (True, "self-discharge", 0, 2, "capacity n1; copy o2; end of charge l2; end of discharge l1n1; jumps o2; mid pass l1; module o2; neighbour o2; place n1; probe o2; resistance n2; rest l2; trend l2; under load n2; warmth n2"),
    (True, "bled by balancing", 0, 8, "capacity n1; copy o8; end of charge l8; end of discharge l3n1; jumps o8; mid pass l7; module o8; neighbour o8; place l1n4; probe o8; resistance n7; rest l8; trend l8; under load n8; warmth n6"),
    (True, "high resistance of the cell", 0, 9, "capacity n8; copy o9; end of charge n4h3; end of discharge l1n7; jumps o6; mid pass n9; module o9; neighbour o9; place n7h1; resistance h9; rest n9; trend l1n8; under load h9; warmth n6"),
    (True, "loss of a parallel cell", 0, 5, "copy o5; end of charge l5; end of discharge l5; jumps y4; mid pass l5; module o5; place l2; resistance h5; rest l5; trend n4; under load h5; warmth n5"),
    (True, "joint or contact", 0, 6, "capacity n6; copy o6; end of charge n3h1; end of discharge n6; mid pass n6; module o6; place n2h3; resistance h6; rest n6; trend n6; under load h6; warmth n5"),
    (True, "channel offset", 0, 6, "capacity l2; copy o6; end of charge h6; end of discharge n4; jumps o6; mid pass h6; module y1o5; neighbour o6; place n2h3; probe o6; resistance n6; rest h6; trend n6; under load n6; warmth n5"),
    (True, "channel offset", 1, 9, "capacity n4h5; copy o9; end of charge l9; end of discharge n9; jumps o9; mid pass l9; module y1o8; neighbour o9; place l4n5; probe o9; resistance n9; rest l9; trend n9; under load n9; warmth n8"),
    (True, "channel gain", 0, 8, "capacity l1n1; copy o8; end of charge h8; end of discharge n7; jumps o8; mid pass h8; module o8; neighbour o8; place n3h2; probe o8; resistance n8; rest h8; trend n8; under load n8; warmth n6"),
    (True, "channel gain", 1, 4, "capacity n2h2; copy o4; end of charge l4; end of discharge l1n3; jumps o4; mid pass l4; module o4; neighbour o4; place n2; probe o4; resistance n4; rest l4; trend n4; under load n4; warmth n4"),
    (True, "frozen or copied channel", 0, 8, "capacity n8; copy o8; end of charge n8; end of discharge n8; jumps o8; mid pass n8; module o8; neighbour o8; place n8; probe o8; resistance n8; rest n7; trend n8; under load n8; warmth n7"),
    (True, "frozen or copied channel", 1, 12, "capacity n2; copy y12; end of charge l12; end of discharge l11n1; jumps o11; mid pass l12; module o12; neighbour o12; place l11; probe o12; resistance n12; rest l12; trend n12; under load n12; warmth n9"),
    (True, "balancing artefact", 0, 11, "capacity n10; copy o11; end of charge n11; end of discharge n9; jumps o10; mid pass n11; module o11; neighbour o11; place l5n1; probe o11; resistance n11; rest n10; trend n11; under load n11; warmth n10"),
    (True, "temperature of its place", 0, 36, "capacity n28; copy o36; end of charge l3n27; end of discharge l2n33; jumps o36; mid pass n36; module y36; neighbour o36; place n31; probe o36; resistance n36; rest n36; trend n36; under load l36; warmth h36"),
    (True, "temperature of its place", 1, 54, "capacity n50; copy o54; end of charge n6h26; end of discharge l1n46; jumps o49; mid pass n54; module y54; neighbour o54; place n41h3; probe o54; resistance n54; rest n54; trend n48; under load h54; warmth l54"),
    (True, "more capacity than its rack", 0, 10, "capacity h10; copy o10; end of charge n10; end of discharge n9; jumps o10; mid pass n7; module y4o6; neighbour o10; place n3; probe o10; resistance n9; rest n3; trend n10; under load n9; warmth n7"),
)  # fmt: skip
