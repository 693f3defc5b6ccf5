# %% [markdown]
# # Neurons that shout each other down
#
# In real nerves, a cell that is strongly excited quiets its neighbours. AlexNet borrowed the manner: at
# every place of the image the neurons hear one another, and the loudest make the others fainter.
#
# It sounds unfriendly, and it is good for the class as a whole. If your neighbour has already said it, and louder, you had better have something else to say.
#
# The whole secret of the layer is *who counts as a neighbour*. Its name says "local", which sends half of all readers in the wrong
# direction. Count the neighbours, watch one of them being drowned out, keep the layer apart from others with similar
# names, and then explain it: what it does, what for, and where you would put it.

# %% [markdown]
# **q5a** (2 points) Local response normalisation divides a neuron's activation by a quantity that grows with a sum of squared activations, its own among them. The layer is set to a depth radius of 2 and sits on 96 feature maps, numbered from 0. How many squared activations are in the sum for a neuron of map number 1?
#
# *Answer with one number and, where it has one, its unit. Count activations.*

# %% [markdown] item="q5a"
# 4

# %% [markdown]
# **q5b** (1 point) At some place of the image neuron A answers with 9, and its rival B, which takes part in the same normalisation, with 3. Elsewhere B also answers with 3, but there its rivals are silent. What has become of B after the normalisation?
#
# - **a** The same in both places, for it answered the same in both.
# - **b** It is fainter beside A than where it was alone.
# - **c** It is louder beside A, because the two support each other.
# - **d** It is exactly zero beside A, because only the strongest passes.
#
# *Answer with one letter.*

# %% [markdown] item="q5b"
# b

# %% [markdown]
# **q5c** (2 points) Which of these sentences are true of local response normalisation as AlexNet used it?
#
# - **a** It needs the mean and the variance of the batch.
# - **b** It makes bright and dark photographs equally bright.
# - **c** It computes the same thing in training as in prediction.
# - **d** It weighs a neuron against others of its own map, a few pixels away.
# - **e** It has nothing to learn; its constants are chosen beforehand.
#
# *Answer with all letters that apply; a wrong one costs as much as a right one earns.*

# %% [markdown] item="q5c"
# c, e

# %% [markdown]
# **q5** (4 points) What does a local response normalisation layer do, why would you want that, and where in a network would you put it?
#
# *Answer in a few sentences of your own.*

# %% [markdown] item="q5"
# The strongest neuron inhibits the neurons on the same position in the neighbouring feature maps. So the feature maps specialise themselves on different things. One uses it in the lower layers, and the network generalises better.
