# %% [markdown]
# # The GPU is full
#
# It is late, the model is finally interesting, and the last line on the screen says `OOM when allocating tensor`. The shop is closed, the budget too.
#
# This happens to everybody, and the people who stay calm are those who know what the memory is full *of*. It is
# rarely the weights. It is what training has to remember for every image until the backward pass comes by and asks for it.
#
# So first you find out who lives there and who pays per image. Then you show four well-meaning colleagues that most of their
# advice, though good in other ways, frees no memory at all. Last, you name five things that do, and say why.

# %% [markdown]
# **q3a** (2 points) A convolutional layer puts out 64 feature maps of 112×112, in 32-bit floats, and training has to remember them for the whole batch. You lower the batch size from 64 to 16. How much memory does that save for the feature maps of this one layer? Any unit of memory will do, but write it down.
#
# *Answer with one number and, where it has one, its unit.*

# %% [markdown] item="q3a"
# 154.14 MB

# %% [markdown]
# **q3b** (2 points) You double the batch size. Which of these tenants of the GPU's memory then take twice the room?
#
# - **a** The weights of the model.
# - **b** The feature maps that wait for the backward pass.
# - **c** The gradient of the loss with respect to the weights.
# - **d** The momentum that the optimizer keeps.
# - **e** The images of the batch themselves.
#
# *Answer with all letters that apply; a wrong one costs as much as a right one earns.*

# %% [markdown] item="q3b"
# b, e

# %% [markdown]
# **q3c** (2 points) Four colleagues look over your shoulder at the out-of-memory error, and each has a proposal. Tick those that leave the memory needed for a training step exactly as it was.
#
# - **a** Lower the learning rate.
# - **b** Save the weights to the disk after every epoch, so that nothing is lost when it happens again.
# - **c** Put a pooling layer straight after the first convolution.
# - **d** Train for fewer epochs.
#
# *Answer with all letters that apply; a wrong one costs as much as a right one earns.*

# %% [markdown] item="q3c"
# a, b, d

# %% [markdown]
# **q3** (4 points) Training a convolutional network stops because the GPU has no memory left, and a larger GPU is not on offer. Name five different things you could try, and say of each in a few words why it needs less memory.
#
# *Answer in a few sentences of your own.*

# %% [markdown] item="q3"
# Smaller batches. Half precision. Gradient checkpointing, i.e. recomputing activations during the backward pass. Fewer layers. Offloading a part of the model to the CPU or to a second device.
