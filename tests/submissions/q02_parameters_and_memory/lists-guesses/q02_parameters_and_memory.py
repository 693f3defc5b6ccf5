# %% [markdown] item="q2a"
# 903,400, 902,700, 901,600, 19,600 or 7,000

# %% [markdown] item="q2b"
# 9 MB, 9.72 MB, 10.5 MB, 12.6 MB, 13.3 MB, 14.1 MB

# %% [markdown] item="q2c"
# 526 MB, 562 MB, 565 MB, 630 MB, 1,087 MB
