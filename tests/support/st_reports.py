# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports in the formats of ST's tools, with numbers of our own."""

ST = """\
ST Edge AI Core v2.1.0-20194 329b0e98d
Created date          : 2026-06-08 11:03:03
Parameters            : validate --model kws.tflite --target stm32h7 --mode target

Exec/report summary (validate)
----------------------------------------------------------------------
target/series      :   stm32h7
model_name         :   kws
----------------------------------------------------------------------

 ST.AI Profiling results v2.0 - "network"
 ------------------------------------------------------------
 nb sample(s)   :   10
 duration       :   3.210 ms by sample (3.208/3.214/0.002)
 macc           :   2657088
 CPU cycles     :   [1,540,800]
 ------------------------------------------------------------

   Inference time per node
   ---------------------------------------------------------------------------------------
   c_id    m_id   type                   dur (ms)       %    cumul     CPU cycles   name
   ---------------------------------------------------------------------------------------
   0       0      Conv2D (0x103)            2.100   65.4%    65.4%   [ 1,008,000 ]   conv_0
   1       1      NL (0x107)                1.050   32.7%    98.1%   [   504,000 ]   relu
   ---------------------------------------------------------------------------------------
   n/a     n/a    Inter-nodal               0.060    1.9%   100.0%                  n/a
   ---------------------------------------------------------------------------------------
   total                                    3.210                   [ 1,512,000 ]
   ---------------------------------------------------------------------------------------
"""
NPU = """\
ST Edge AI Core v3.0.0-20426 123000867

  Summary 'network' - ['network']
  --------------------------------------------------------------
  protocol            :   Proto-buffer driver v2.0
  device.desc         :   stm32 family - 0x486 - STM32N6xx @800/400MHz
  --------------------------------------------------------------

  ST.AI Profiling results v2.0 - "network"
  --------------------------------------------------------------
  nb sample(s)   :   4
  duration       :   2.000 ms by sample (1.998/2.004/0.002)
  macc           :   1000
  CPU cycles     :   [120,000 1,330,000 150,000]
  --------------------------------------------------------------

   Inference time per node
   ------------------------------------------------------------------------------------
   c_id    m_id   type                dur (ms)       %    cumul     CPU cycles          name
   ------------------------------------------------------------------------------------
   0       1      epoch             1.500   75.0%   75.0%  [ 80,000 1,100,000 20,000 ]  EpochBlock_1
   1       None   epoch (HYBRID)    0.250   12.5%   87.5%  [ 20,000   130,000 50,000 ]  EpochBlock_2
   2       [3, 4] epoch (SW)        0.250   12.5%  100.0%  [ 20,000   100,000 80,000 ]  EpochBlock_3
   ------------------------------------------------------------------------------------
   total                                 2.000                    [ 120,000 1,330,000 150,000 ]
                                  500.00 inf/s                    [     7.5%     83.1%     9.4% ]
   ------------------------------------------------------------------------------------
"""
HOST = """\
ST Edge AI Core v2.2.0-20266 2adc00962
Created date          : 2026-05-14 22:14:18

target/series      :   stm32
model_name         :   actor
  device.desc         :   x86_64, x86_64, Linux
 NOTE: The duration and execution time per layer are just indications.

  ST.AI Profiling results v2.0 - "network"
  ------------------------------------------------------------
  nb sample(s)   :   10
  duration       :   0.018 ms by sample (0.014/0.021/0.002)
  macc           :   5409
  ------------------------------------------------------------
"""
X_CUBE_AI_7 = """\
Neural Network Tools for STM32AI v1.6.0 (STM.ai v7.1.0-RC3)
Created date          : 2022-03-01 10:00:00

Results for 10 inference(s) - average per inference
  device              : 0x450 - STM32H743 @480/240MHz fpu,art_lat4
  duration            : 1.250ms
  c_nodes             : 2

c_id  m_id  desc                output                     ms          %
---------------------------------------------------------------------------
0     0     Conv2D (0x103)      (1,26,26,8)/float32/21632B 1.000       80.0%
1     -1    NL (0x107)          (1,10)/float32/40B         0.250       20.0%
---------------------------------------------------------------------------
                                                           1.250 ms
"""
X_CUBE_AI_3 = """\
 0x433/STM32F401xD/E @84MHz/84MHz (FPU is present) lat=2 ART: PRFTen ICen DCen

Results for 8 inference(s) @84/84MHz (macc:5000)
 duration    : 90.500 ms (average)
 CPU cycles  : 7602000 (average)

Inspector report (layer by layer)
 n_nodes        : 3

Clayer  id  desc                          oshape            ms
--------------------------------------------------------------------------------
0       0   10011/(Merged Conv2d / Pool)  (8, 15, 15, 16)   60.000
1       6   10005/(Dense)                 (8, 1, 1, 3)      30.400
2       6   10014/(Softmax)               (8, 1, 1, 3)      0.100
                                                            90.500 (total)
"""
CONSOLE = """\
Results for "network", 16 inferences @480MHz/240MHz (complexity: 1000 MACC)
 duration     : 2.500 ms (average)
 CPU cycles   : 1200000 (average)

 Inference time by c-node
  kernel  : 2.480ms (time passed in the c-kernel fcts)
  user    : 0.004ms (time passed in the user cb)

 c_id  type                id       time (ms)
 ---------------------------------------------------
 0     TD-OPTIMIZED_CONV2D 0         2.000  80.65 %
 1     DENSE               3         0.480  19.35 %
 ---------------------------------------------------
                                      2.480 ms
"""
ST_REPORTS = (ST, NPU, HOST, X_CUBE_AI_7, X_CUBE_AI_3, CONSOLE)
