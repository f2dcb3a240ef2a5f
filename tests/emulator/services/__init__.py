# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Real services around the server: issuers of tokens, a cluster, a directory, a proxy, an agent. Tests start them on
loopback addresses; the emulator talks to them as the server would, and believes nothing that they do not say."""
