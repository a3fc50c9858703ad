import torch
from torch import nn
from torch.nn import functional as F


class BasicConv2d(nn.Module):
    def __init__(self, inputs, outputs, **geometry):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, bias=False, **geometry)
        self.bn = nn.BatchNorm2d(outputs, eps=0.001)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)), inplace=True)


class Mixed(nn.Module):
    def __init__(self, inputs, narrow, wide, pool):
        super().__init__()
        self.branch1 = BasicConv2d(inputs, narrow, kernel_size=1)
        self.branch2 = nn.Sequential(
            BasicConv2d(inputs, narrow, kernel_size=1),
            BasicConv2d(narrow, wide, kernel_size=3, padding=1),
        )
        self.branch3 = nn.Sequential(
            nn.AvgPool2d(kernel_size=3, stride=1, padding=1),
            BasicConv2d(inputs, pool, kernel_size=1),
        )

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x)], 1)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(x + self.bn2(self.conv2(y)))


class Small(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = BasicConv2d(3, 32, kernel_size=5, stride=2)
        self.pool1 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.mixed1 = Mixed(32, 16, 32, 16)
        self.mixed2 = Mixed(64, 24, 48, 24)
        self.residual = Residual(96)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(96, classes)

    def forward(self, x):
        x = self.pool1(self.conv1(x))
        x = self.residual(self.mixed2(self.mixed1(x)))
        x = torch.flatten(F.adaptive_avg_pool2d(x, 1), 1)
        return self.fc(self.dropout(x))
