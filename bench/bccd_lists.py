"""The split that BCCD was published with: numbers of its fields (github.com/Shenggan/BCCD_Dataset, ImageSets/Main)."""

from __future__ import annotations

__all__ = ["TEST", "VALIDATION"]


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(number) for number in text.split())


TEST = _numbers("""
7 11 15 16 18 19 21 31 33 41 57 58 62 63 65 67 68 74 75 77 88 93 98 103 132 135 136 137 149 157 161 167 169 171 172
178 180 184 205 208 220 225 226 227 229 233 234 249 253 271 282 284 287 290 293 296 303 319 320 323 327 333 341 346
360 365 366 375 385 390 391 407
""")
"""72 fields. What is in neither list is for training: 205 fields of the 364."""

VALIDATION = _numbers("""
0 2 14 17 28 29 30 35 37 53 55 64 66 72 73 89 99 104 109 111 115 125 130 140 143 145 147 148 152 162 183 192 193 207
209 216 217 218 219 221 222 223 228 230 236 241 244 245 246 255 260 261 262 269 272 274 277 285 298 304 310 312 315
326 330 331 334 337 338 340 342 349 350 352 367 368 381 383 386 389 392 396 397 398 402 409 410
""")
"""87 fields."""
