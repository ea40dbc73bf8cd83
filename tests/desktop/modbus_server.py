# SPDX-License-Identifier: GPL-3.0-or-later
"""A Modbus/TCP server by pymodbus whose holding registers 0 to 9 are 0x1100 + number: modbus_server.py PORT"""
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartTcpServer

# Without zero_mode, which later versions lack, number 0 on the wire is 1 here.
registers = ModbusSequentialDataBlock(1, [0x1100 + i for i in range(10)])
context = ModbusServerContext(slaves=ModbusSlaveContext(hr=registers), single=True)
StartTcpServer(context=context, address=('127.0.0.1', int(sys.argv[1])))
